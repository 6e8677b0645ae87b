using System.Text;

namespace Monolith.Host.Cli.Output;

/// <summary>Text from elsewhere must not move the cursor or begin a line of its own.</summary>
internal static class Printable
{
    private const char Instead = '\uFFFD';

    public static string Of(string text) => text.Any(char.IsControl) ? Cleaned(text) : text;

    private static string Cleaned(string text)
    {
        var cleaned = new StringBuilder(text.ReplaceLineEndings(" ").Replace('\t', ' '));
        for (var i = 0; i < cleaned.Length; i++)
        {
            if (char.IsControl(cleaned[i]))
                cleaned[i] = Instead;
        }

        return cleaned.ToString();
    }
}
