using System.Diagnostics;
using System.Text;

namespace Monolith.BuildingBlocks.Web.Numbers;

/// <summary>
/// Reads a JSON number (RFC 8259) as the exact value of its text. The time depends on the length of the text, not on the exponent.
/// </summary>
internal static class ExactNumber
{
    private const string NotANumber = "Must be a number.";
    private const string NotWhole = "Must be a whole number.";
    private const string TooLarge = "Is too large.";
    private const string TooPrecise = "Has more digits than can be kept exactly.";

    private const int MaxScale = 28;

    // A decimal holds every number of 28 digits, and some of 29.
    private const int MaxDigits = 29;

    // Beyond it a decimal cannot hold the number, however many digits a request contains.
    private const int ExponentBound = 1_000_000_000;

    private static readonly UInt128 MaxCoefficient = (UInt128.One << 96) - 1;

    /// <summary>Reads a number that a decimal can hold exactly, without trailing zeros: <c>12.500</c> gives 12.5.</summary>
    /// <returns>An error message; null if the text is valid.</returns>
    public static string? Read(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0;
        return Split(text) is { } parts ? Build(text, parts, out value) : NotANumber;
    }

    /// <summary>Reads a number whose value is an integer: <c>2</c>, <c>2.0</c> and <c>20e-1</c> give 2.</summary>
    /// <returns>An error message; null if the text is valid.</returns>
    public static string? ReadWhole(ReadOnlySpan<byte> text, long min, long max, out long value)
    {
        value = 0;
        if (Split(text) is not { } parts)
            return NotANumber;
        if (parts is { Digits: > 0, Exponent: < 0 })
            return NotWhole;
        if (Build(text, parts, out var number) is { } fault)
            return fault;
        if (number > max)
            return TooLarge;
        if (number < min)
            return $"Must be at least {min}.";
        value = (long)number;
        return null;
    }

    /// <summary>Reads a parameter whose value is an integer; null if it is not one, or not in the range.</summary>
    public static long? ReadWhole(string? text, long min, long max) =>
        ReadWhole(Encoding.UTF8.GetBytes(text ?? ""), min, max, out var value) is null ? value : null;

    /// <summary>Finds the significant digits and the power of ten that they are multiplied by.</summary>
    private static Parts? Split(ReadOnlySpan<byte> text)
    {
        var at = text is [(byte)'-', ..] ? 1 : 0;
        var isNegative = at == 1;
        var whole = DigitsAt(text, at);
        if (whole == 0 || (whole > 1 && text[at] == '0'))
            return null;
        var start = at;
        at += whole;
        var fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            fraction = DigitsAt(text, at + 1);
            if (fraction == 0)
                return null;
            at += 1 + fraction;
        }

        var end = at;
        long exponent = 0;
        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            if (ExponentAt(text[(at + 1)..]) is not { } power)
                return null;
            exponent = power;
            at = text.Length;
        }

        return at == text.Length ? Parts.Of(text, start, end, exponent - fraction, isNegative) : null;
    }

    private static long? ExponentAt(ReadOnlySpan<byte> text)
    {
        var sign = text is [(byte)'-' or (byte)'+', ..] ? 1 : 0;
        var digits = text[sign..];
        if (digits.IsEmpty || DigitsAt(digits, 0) != digits.Length)
            return null;
        long power = 0;
        foreach (var digit in digits)
            power = Math.Min((power * 10) + digit - '0', ExponentBound);
        return text[0] == '-' ? -power : power;
    }

    private static int DigitsAt(ReadOnlySpan<byte> text, int at)
    {
        var count = text[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return count < 0 ? text.Length - at : count;
    }

    private static string? Build(ReadOnlySpan<byte> text, Parts parts, out decimal value)
    {
        value = 0;
        if (parts.Digits == 0)
            return null;
        if (parts.Digits + parts.Exponent > MaxDigits)
            return TooLarge;
        if (parts.Digits > MaxDigits || parts.Exponent < -MaxScale)
            return TooPrecise;

        UInt128 coefficient = 0;
        foreach (var character in text[parts.Start..parts.End])
        {
            if (character != '.')
                coefficient = (coefficient * 10) + (UInt128)(character - '0');
        }

        for (var power = parts.Exponent; power > 0; power--)
            coefficient *= 10;
        if (coefficient > MaxCoefficient)
            return parts.Exponent < 0 ? TooPrecise : TooLarge;
        Debug.Assert(coefficient > 0, "The digits begin and end with one that is not zero.");
        var scale = (byte)Math.Max(0, -parts.Exponent);
        var (low, middle, high) = ((int)(uint)coefficient, (int)(uint)(coefficient >> 32), (int)(uint)(coefficient >> 64));
        value = new decimal(low, middle, high, parts.IsNegative, scale);
        return null;
    }

    /// <summary>The range of the significant digits in a text; a point may be among them.</summary>
    /// <param name="Start">The index of the first digit.</param>
    /// <param name="End">The index after the last digit.</param>
    /// <param name="Digits">The number of digits; 0 if the number is 0.</param>
    /// <param name="Exponent">The power of ten that they are multiplied by.</param>
    /// <param name="IsNegative">Whether there is a minus.</param>
    private readonly record struct Parts(int Start, int End, int Digits, long Exponent, bool IsNegative)
    {
        public static Parts Of(ReadOnlySpan<byte> text, int start, int end, long exponent, bool isNegative)
        {
            var first = text[start..end].IndexOfAnyInRange((byte)'1', (byte)'9');
            if (first < 0)
                return default;
            var last = text[start..end].LastIndexOfAnyInRange((byte)'1', (byte)'9');
            var (from, to) = (start + first, start + last + 1);
            return new Parts(from, to, CountIn(text[from..to]), exponent + CountIn(text[to..end]), isNegative);
        }

        private static int CountIn(ReadOnlySpan<byte> digits) => digits.Length - (digits.Contains((byte)'.') ? 1 : 0);
    }
}
