using System.Globalization;
using System.Text;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.Modules.Customers.Domain;

/// <summary>The rules for the values of a customer.</summary>
internal static class CustomerRules
{
    private const int ShortestUsername = 3;
    private const int LongestUsername = 30;
    private const int LongestName = 100;
    private const int LongestEmail = 254;
    private const int LongestLocalPart = 64;
    private const int LongestDomainLabel = 63;
    private const int LongestReason = 500;
    private const string NeverInLocalPart = "()<>[]:;,\\\"@";

    private const string EmailNote =
        "One address in the common form, in any script: at most 64 characters before the @, and 63 in each label of the domain.";

    // In ASCII the patterns accept what the rules accept. Beyond it they accept more: a portable pattern has no categories of characters.
    private const string Atom = @"[^\x00-\x20\x7F-\xA0()<>\[\]:;,\\""@.]+";
    private const string LabelEnd = @"[^\x00-/:-@\[-`{-\xA0]";
    private const string LabelInside = @"[^\x00-,./:-@\[-`{-\xA0]";
    private const string Label = $"{LabelEnd}({LabelInside}*{LabelEnd})?";

    private static readonly string UsernamePattern = PlainText.Padded($"[A-Za-z0-9._-]{{{ShortestUsername},{LongestUsername}}}");
    private static readonly string EmailPattern = PlainText.Padded($@"{Atom}(\.{Atom})*@{Label}(\.{Label})*");

    public static FieldRule<string?> Username { get; } = new(
        new FieldConstraint
        {
            IsRequired = true,
            MinLength = ShortestUsername,
            MaxLength = LongestUsername,
            Pattern = UsernamePattern,
            Note = "Stored in lower case.",
        },
        UsernameFault);

    public static FieldRule<string?> PersonName { get; } = TextRule.UpTo(LongestName);

    public static FieldRule<string?> Email { get; } = new(
        new FieldConstraint { IsRequired = true, MaxLength = LongestEmail, Pattern = EmailPattern, Format = "idn-email", Note = EmailNote },
        EmailFault);

    public static FieldRule<string?> Reason { get; } = TextRule.UpTo(LongestReason);

    // Checked before it is lower-cased: the Kelvin sign becomes a plain k.
    private static string? UsernameFault(string? username)
    {
        if (username is null)
            return "Is required.";

        var text = username.AsSpan().Trim();
        if (text.Length is < ShortestUsername or > LongestUsername)
            return $"Must have {ShortestUsername} to {LongestUsername} characters.";
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '-'))
                return "Must have only the characters a-z, 0-9, '.', '_' and '-'.";
        }

        return null;
    }

    private static string? EmailFault(string? email) =>
        PlainText.Fault(email, LongestEmail) ?? (IsOneAddress(email.AsSpan().Trim()) ? null : "Must be one e-mail address.");

    // The common form, in any script. Quoted local parts, comments and address literals are valid by the RFC, but not in use.
    private static bool IsOneAddress(ReadOnlySpan<char> address)
    {
        var at = address.IndexOf('@');
        if (at < 0 || !IsLocalPart(address[..at]))
            return false;

        foreach (var label in address[(at + 1)..].Split('.'))
        {
            if (!IsDomainLabel(address[(at + 1)..][label]))
                return false;
        }

        return true;
    }

    private static bool IsLocalPart(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || PlainText.LengthOf(text) > LongestLocalPart)
            return false;
        if (text[0] == '.' || text[^1] == '.' || text.Contains("..", StringComparison.Ordinal))
            return false;

        foreach (var rune in text.EnumerateRunes())
        {
            if (!PlainText.IsVisible(rune) || (rune.IsAscii && NeverInLocalPart.Contains((char)rune.Value, StringComparison.Ordinal)))
                return false;
        }

        return true;
    }

    private static bool IsDomainLabel(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || PlainText.LengthOf(text) > LongestDomainLabel || text[0] == '-' || text[^1] == '-')
            return false;

        foreach (var rune in text.EnumerateRunes())
        {
            if (!PlainText.IsVisible(rune) || (!Rune.IsLetterOrDigit(rune) && !IsMark(rune) && rune.Value != '-'))
                return false;
        }

        return true;
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
