using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Monolith.BuildingBlocks.Application;

/// <summary>
/// Parses times (RFC 3339) for every route and every verb. Digits below a microsecond are cut, which is the precision of the logs. A leap
/// second is read as the second after it, as in POSIX time.
/// </summary>
public static class Rfc3339
{
    /// <summary>The error message for an invalid time.</summary>
    public const string Fault =
        "Must be a time as RFC 3339 defines it, with at most nine digits of a second: 2026-01-31T09:30:00Z, or with an offset "
        + "(+02:00, in a URL %2B02:00).";

    private const string Pattern = "0000-00-00T00:00:00";
    private const int OffsetLength = 6;
    private const int MaxFractionDigits = 9;
    private const int MicrosecondDigits = 6;
    private const int LastHour = 23;
    private const int LastMinute = 59;
    private const int LeapSecond = 60;

    /// <summary>Parses a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The time in UTC, in whole microseconds.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out DateTimeOffset time)
    {
        time = default;
        if (text is null || !MatchesPattern(text))
            return false;

        var (year, month, day) = (Number(text, 0, 4), Number(text, 5, 2), Number(text, 8, 2));
        var (hour, minute, second) = (Number(text, 11, 2), Number(text, 14, 2), Number(text, 17, 2));
        if (year is 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
            return false;
        if (hour > LastHour || minute > LastMinute || second > LeapSecond)
            return false;
        if (FractionOf(text) is not (var microseconds, var end) || OffsetOf(text.AsSpan(end)) is not { } offset)
            return false;

        var ticks = new DateTime(year, month, day, hour, minute, Math.Min(second, LastMinute)).Ticks - offset.Ticks;
        if (second == LeapSecond && !IsStartOfMonth(ticks + TimeSpan.TicksPerSecond))
            return false;
        ticks += second == LeapSecond ? TimeSpan.TicksPerSecond : microseconds * TimeSpan.TicksPerMicrosecond;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static bool MatchesPattern(string text)
    {
        if (text.Length <= Pattern.Length)
            return false;
        for (var i = 0; i < Pattern.Length; i++)
        {
            if (Pattern[i] == '0' ? !char.IsAsciiDigit(text[i]) : char.ToUpperInvariant(text[i]) != Pattern[i])
                return false;
        }

        return true;
    }

    /// <summary>The microseconds after the second, and the index where the offset begins.</summary>
    private static (int Microseconds, int End)? FractionOf(string text)
    {
        if (text[Pattern.Length] != '.')
            return (0, Pattern.Length);
        var digits = text.AsSpan(Pattern.Length + 1);
        var count = digits.IndexOfAnyExceptInRange('0', '9');
        if (count is < 1 or > MaxFractionDigits)
            return null;
        var microseconds = 0;
        for (var i = 0; i < MicrosecondDigits; i++)
            microseconds = (microseconds * 10) + (i < count ? digits[i] - '0' : 0);
        return (microseconds, Pattern.Length + 1 + count);
    }

    private static TimeSpan? OffsetOf(ReadOnlySpan<char> text)
    {
        if (text is "Z" or "z")
            return TimeSpan.Zero;
        if (text.Length != OffsetLength || text[0] is not ('+' or '-') || text[3] != ':'
            || !byte.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !byte.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            || hours > LastHour || minutes > LastMinute)
            return null;
        var offset = new TimeSpan(hours, minutes, 0);
        return text[0] == '-' ? -offset : offset;
    }

    // Leap seconds are inserted at the end of a month, in UTC.
    private static bool IsStartOfMonth(long ticks) =>
        ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks && new DateTime(ticks) is { Day: 1, TimeOfDay.Ticks: 0 };

    private static int Number(string text, int at, int length)
    {
        var number = 0;
        foreach (var digit in text.AsSpan(at, length))
            number = (number * 10) + digit - '0';
        return number;
    }
}
