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

    // The portable subset of JSON Schema, which every tool can read. It does not contain what the rule refuses above U+FFFF.
    private const string WhiteSpace = @"[\x09-\x0D\x20\x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]*";
    private const string NoControls = @"[^\x00-\x1F\x7F-\x9F]*";
    private const string Visible =
        @"[^\x00-\x20\x7F-\xA0\xAD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F"
        + @"\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]";

    private const int MaxNameLength = 1_000;

    /// <summary>The constraint of a name, for the documentation; <see cref="NameFault"/> is its rule.</summary>
    public static FieldConstraint NameConstraint { get; } = new() { MaxLength = MaxNameLength, Pattern = $"^{NoControls}$" };

    /// <summary>The constraint of a text, for the documentation.</summary>
    /// <param name="max">The maximum number of characters.</param>
    public static FieldConstraint Constraint(int max) => new()
    {
        IsRequired = true, MinLength = 1, MaxLength = max, Pattern = Padded($"{NoControls}{Visible}{NoControls}"), Note = Note,
    };

    /// <summary>The constraint of an optional text, for which blank means absent.</summary>
    /// <param name="max">The maximum number of characters.</param>
    public static FieldConstraint BlankConstraint(int max) => new() { MaxLength = max, Pattern = Padded(NoControls) };

    /// <summary>Surrounds a pattern with the white space that is removed, and anchors it.</summary>
    /// <param name="pattern">The pattern without anchors, in the portable subset of JSON Schema.</param>
    public static string Padded(string pattern) => $"^{WhiteSpace}{pattern}{WhiteSpace}$";

    /// <summary>Checks a required text.</summary>
    /// <param name="text">The text, trimmed or not.</param>
    /// <param name="max">The maximum number of characters.</param>
    /// <returns>The error message; null if the text is valid.</returns>
    public static string? Fault(string? text, int max)
    {
        if (text is null)
            return "Is required.";

        var (fault, length, isVisible) = Inspect(text.AsSpan().Trim());
        return fault is not null ? fault
            : !isVisible ? "Must not be blank."
            : TooLong(length, max);
    }

    /// <summary>Checks the name of something that exists. Names are compared unchanged, and may be blank.</summary>
    /// <param name="text">The name.</param>
    /// <returns>The error message; null if the name is valid.</returns>
    public static string? NameFault(string text)
    {
        var (fault, length, _) = Inspect(text);
        return fault ?? TooLong(length, MaxNameLength);
    }

    /// <summary>Whether a text is null or empty, or consists of white space and invisible characters.</summary>
    /// <param name="text">The text.</param>
    public static bool IsBlank(string? text) => text is null || Inspect(text.AsSpan().Trim()) is (null, _, false);

    /// <summary>Counts the Unicode scalar values of a text. A lone surrogate counts as one.</summary>
    /// <param name="text">The text.</param>
    public static int LengthOf(ReadOnlySpan<char> text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
            length++;
        return length;
    }

    /// <summary>
    /// Whether a character is visible. Unassigned and private-use characters count as visible, since they may be letters elsewhere.
    /// </summary>
    /// <param name="rune">The character.</param>
    public static bool IsVisible(Rune rune)
    {
        if (rune.IsAscii)
            return rune.Value is > ' ' and < '\u007f';
        return !Rune.IsWhiteSpace(rune)
            && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control)
            && !InvisibleCharacters.Contains(rune.Value);
    }

    private static string? TooLong(int length, int max) => length > max ? $"Must have at most {max} characters." : null;

    private static (string? Fault, int Length, bool IsVisible) Inspect(ReadOnlySpan<char> text)
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
