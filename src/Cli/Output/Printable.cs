using System.Text;

namespace Monolith.Cli.Output;

/// <summary>Removes control characters from text that came from elsewhere, so that it cannot move the cursor or start a line.</summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    public static string Of(string text) => text.Any(char.IsControl) ? Cleaned(text) : text;

    private static string Cleaned(string text)
    {
        var cleaned = new StringBuilder(text.ReplaceLineEndings(" ").Replace('\t', ' '));
        for (var i = 0; i < cleaned.Length; i++)
        {
            if (char.IsControl(cleaned[i]))
                cleaned[i] = Replacement;
        }

        return cleaned.ToString();
    }
}
