using System.Text;

namespace Monolith.Modules.Search.Application.Text;

/// <summary>The content of a text field: folded words, separated by spaces. A store only has to split at spaces.</summary>
internal static class FieldText
{
    /// <summary>A token between two texts, so that no phrase matches across them. No query contains it.</summary>
    public const char Gap = '|';

    /// <summary>The words of several texts, with <see cref="Gap"/> between the texts.</summary>
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

    /// <summary>The concatenated words of a text: <c>ada.lovelace</c> becomes <c>adalovelace</c>.</summary>
    public static string Joined(string text) => string.Concat(Tokenizer.Tokens(text).Select(token => token.Text));
}
