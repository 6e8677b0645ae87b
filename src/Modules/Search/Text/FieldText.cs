using System.Text;

namespace Monolith.Modules.Search.Text;

/// <summary>A text as it lies in a field: its folded words with a space between them, so that a store has nothing to do but to split.</summary>
internal static class FieldText
{
    /// <summary>Parts what no phrase may cross. No query has a word like it.</summary>
    public const char Gap = '|';

    /// <summary>The words of several texts; no phrase crosses from one into the next.</summary>
    public static string Of(params ReadOnlySpan<string> texts)
    {
        var field = new StringBuilder();
        foreach (var text in texts)
        {
            if (field.Length > 0)
                field.Append(' ').Append(Gap);
            foreach (var token in Tokenizer.Tokens(text))
                (field.Length > 0 ? field.Append(' ') : field).Append(token.Text);
        }

        return field.ToString();
    }

    /// <summary>The words of a text in one, without anything between them: <c>ada.lovelace</c> is <c>adalovelace</c>.</summary>
    public static string Joined(string text) => string.Concat(Tokenizer.Tokens(text).Select(token => token.Text));
}
