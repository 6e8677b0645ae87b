using System.Globalization;
using System.Text;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.Host.Settings;

/// <summary>The settings as people read them: the table of docs/configuration.md, and the end of <c>./run --help</c> (scripts/settings.txt).</summary>
internal static class SettingsText
{
    private const int Width = 120;
    private const string Indent = "      ";

    /// <summary>A table in Markdown.</summary>
    public static string Table()
    {
        var text = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
        foreach (var setting in HostSettings.All)
            text.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {setting.Default} | {AboutOf(setting)} |\n");
        return text.ToString();
    }

    /// <summary>Plain lines for a terminal.</summary>
    public static string Help()
    {
        var text = new StringBuilder("Settings, by the environment; docs/configuration.md says more. In brackets what holds where nothing is said.\n");
        foreach (var setting in HostSettings.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {setting.Name} [{Plain(setting.Default)}]\n");
            Wrap(text, Plain(AboutOf(setting)));
        }

        return text.ToString();
    }

    private static string AboutOf(Setting setting) => $"{setting.Meaning} It must be {setting.Values}.";

    private static string Plain(string text) => text.Replace("`", "", StringComparison.Ordinal);

    private static void Wrap(StringBuilder text, string words)
    {
        var line = Indent;
        foreach (var word in words.Split(' '))
        {
            if (line.Length + word.Length > Width)
            {
                text.Append(line.TrimEnd()).Append('\n');
                line = Indent;
            }

            line += $"{word} ";
        }

        text.Append(line.TrimEnd()).Append('\n');
    }
}
