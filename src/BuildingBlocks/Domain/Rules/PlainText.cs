using System.Buffers;
using System.Globalization;
using System.Text;

namespace Monolith.BuildingBlocks.Domain.Rules;

/// <summary>
/// The rules for text: Unicode characters of any script, none of them a control character, at least one of them visible.
/// White space at both ends is removed before the text is checked and stored. Length is the number of Unicode scalar values, as in
/// JSON Schema.
/// </summary>
public static class PlainText
{
    private const string Note = "White space at both ends is removed. At least one character is visible; control characters are refused.";
    private const string HalfPair = "Must not have half a surrogate pair.";
    private const string Controls = "Must not have control characters.";

    // In the terms that JSON Schema calls portable, so that every tool can read it: what the rule refuses beyond U+FFFF is not in it.
    private const string WhiteSpace = @"[\x09-\x0D\x20\x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]*";
    private const string NoControls = @"[^\x00-\x1F\x7F-\x9F]*";
    private const string Visible =
        @"[^\x00-\x20\x7F-\xA0\xAD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F"
        + @"\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]";

    private const int MostOfAName = 1_000;

    /// <summary>
    /// What a text must be that names something which exists, for the documentation; <see cref="NameFault"/> is its rule.
    /// </summary>
    public static FieldConstraint NameConstraint { get; } = new() { MaxLength = MostOfAName, Pattern = $"^{NoControls}$" };

    /// <summary>What a text must be, for the documentation.</summary>
    /// <param name="most">The most characters that it may have.</param>
    public static FieldConstraint Constraint(int most) => new()
    {
        IsRequired = true, MinLength = 1, MaxLength = most, Pattern = Padded($"{NoControls}{Visible}{NoControls}"), Note = Note,
    };

    /// <summary>What a text must be that may be absent, or blank, which is the same.</summary>
    /// <param name="most">The most characters that it may have.</param>
    public static FieldConstraint BlankConstraint(int most) => new() { MaxLength = most, Pattern = Padded(NoControls) };

    /// <summary>A pattern of the whole text, with the white space around it that is removed.</summary>
    /// <param name="pattern">What the text is without it: no anchors, and only what JSON Schema calls portable.</param>
    public static string Padded(string pattern) => $"^{WhiteSpace}{pattern}{WhiteSpace}$";

    /// <summary>What is wrong with a text.</summary>
    /// <param name="text">The text, trimmed or not.</param>
    /// <param name="most">The most characters that it may have.</param>
    /// <returns>The message for the caller, or null where nothing is wrong.</returns>
    public static string? Fault(string? text, int most)
    {
        if (text is null)
            return "Is required.";

        var (fault, length, isVisible) = Look(text.AsSpan().Trim());
        return fault is not null ? fault
            : !isVisible ? "Must not be blank."
            : TooLong(length, most);
    }

    /// <summary>What is wrong with a text that names something which exists: it is compared as it is, and may be blank.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The message for the caller, or null where nothing is wrong.</returns>
    public static string? NameFault(string text)
    {
        var (fault, length, _) = Look(text);
        return fault ?? TooLong(length, MostOfAName);
    }

    /// <summary>Whether a text shows nothing: no text, an empty one, or one of white space and invisible characters alone.</summary>
    /// <param name="text">The text.</param>
    public static bool IsBlank(string? text) => text is null || Look(text.AsSpan().Trim()) is (null, _, false);

    /// <summary>How many characters a text has: Unicode scalar values, half a surrogate pair counting as one.</summary>
    /// <param name="text">The text.</param>
    public static int LengthOf(ReadOnlySpan<char> text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
            length++;
        return length;
    }

    /// <summary>Whether a character shows something. Unassigned ones and those of private use do: they may be letters elsewhere.</summary>
    /// <param name="rune">The character.</param>
    public static bool IsVisible(Rune rune)
    {
        if (rune.IsAscii)
            return rune.Value is > ' ' and < '\u007f';
        return !Rune.IsWhiteSpace(rune)
            && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control)
            && !InvisibleCharacters.Contains(rune.Value);
    }

    private static string? TooLong(int length, int most) => length > most ? $"Must have at most {most} characters." : null;

    private static (string? Fault, int Length, bool IsVisible) Look(ReadOnlySpan<char> text)
    {
        var length = 0;
        var visible = false;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != OperationStatus.Done)
                return (HalfPair, length, visible);
            if (Rune.IsControl(rune))
                return (Controls, length, visible);

            visible = visible || IsVisible(rune);
            length++;
            text = text[consumed..];
        }

        return (null, length, visible);
    }
}
