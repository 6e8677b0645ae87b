using System.Globalization;
using System.Text;

namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>
/// What the system takes as text: whole Unicode characters of any script, none of them a control character. It is trimmed before it is judged and stored, and its length is counted in code points, so
/// that an emoji is one character for everyone.
/// </summary>
public static class PlainText
{
    /// <summary>Something visible, and no control character; in the dialect of ECMA-262 with Unicode.</summary>
    private const string Pattern = @"^[^\p{Cc}]*[^\p{Z}\p{Cc}\p{Cf}][^\p{Cc}]*$";

    /// <summary>What a text must be, for whoever documents it.</summary>
    /// <param name="most">The most characters that it may have.</param>
    public static FieldConstraint Constraint(int most) => new() { IsRequired = true, MinLength = 1, MaxLength = most, Pattern = Pattern };

    /// <summary>What is wrong with a text.</summary>
    /// <param name="text">The text, trimmed or not.</param>
    /// <param name="most">The most characters that it may have.</param>
    /// <returns>The message for the caller, or null where nothing is wrong.</returns>
    public static string? Fault(string? text, int most)
    {
        if (text is null)
            return "Is required.";

        var length = 0;
        var visible = false;
        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != System.Buffers.OperationStatus.Done)
                return "Must not have half a surrogate pair.";
            if (Rune.IsControl(rune))
                return "Must not have control characters.";

            visible |= IsVisible(rune);
            length++;
            rest = rest[consumed..];
        }

        return (visible, length > most) switch
        {
            (false, _) => "Must not be blank.",
            (_, true) => $"Must have at most {most} characters.",
            _ => null,
        };
    }

    // Format characters (a zero-width joiner) are part of words in some scripts, and blank on their own.
    private static bool IsVisible(Rune rune) => !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format;
}
