using System.Globalization;
using System.Text;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.Host;

/// <summary>The settings as text: the table of docs/configuration.md, and the end of <c>./run --help</c> (scripts/settings.txt).</summary>
public static class SettingsText
{
    private const int Width = 120;
    private const string Indent = "      ";

    /// <summary>The table in Markdown.</summary>
    internal static string Table()
    {
        var text = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
        foreach (var setting in HostSettings.All)
            text.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {setting.Default} | {DescriptionOf(setting)} |\n");
        return text.ToString();
    }

    /// <summary>The settings as lines for a terminal.</summary>
    public static string Help()
    {
        var text = new StringBuilder("Settings, as environment variables, with their defaults; more in docs/configuration.md.\n");
        foreach (var setting in HostSettings.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {setting.Name} [{Plain(setting.Default)}]\n");
            Wrap(text, Plain(DescriptionOf(setting)));
        }

        return text.ToString();
    }

    private static string DescriptionOf(Setting setting) => $"{setting.Meaning} It must be {setting.Values}.";

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
