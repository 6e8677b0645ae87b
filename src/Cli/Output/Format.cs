using System.Globalization;

namespace Monolith.Cli.Output;

/// <summary>Numbers, times and durations as people read them. An unknown value is a dash.</summary>
internal static class Format
{
    private const string Unknown = "–";
    private const int SecondsOfMinute = 60;
    private const int SecondsOfHour = 3600;

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long? number) => number is { } known ? Count(known) : Unknown;

    /// <summary><c>1 event</c>, <c>2 events</c>.</summary>
    public static string Of(long number, string noun) => number == 1 ? $"1 {noun}" : $"{Count(number)} {noun}s";

    public static string Rate(double? perSecond) => perSecond is { } rate ? $"{Count((long)Math.Round(rate))}/s" : Unknown;

    public static string Duration(double? seconds) => seconds switch
    {
        null => Unknown,
        < 1 => "under 1 s",
        < SecondsOfMinute => string.Create(CultureInfo.InvariantCulture, $"{(long)seconds} s"),
        < SecondsOfHour => string.Create(
            CultureInfo.InvariantCulture, $"{(long)seconds / SecondsOfMinute} min {(long)seconds % SecondsOfMinute} s"),
        _ => string.Create(
            CultureInfo.InvariantCulture, $"{(long)seconds / SecondsOfHour} h {(long)seconds % SecondsOfHour / SecondsOfMinute} min"),
    };

    /// <summary>A lag in seconds; without any it is 0 s.</summary>
    public static string Lag(double? seconds) => seconds == 0 ? "0 s" : Duration(seconds);

    /// <summary>Whole percent, rounded down: 100 % only at the end.</summary>
    public static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(fraction * 100):0} %");

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset? time) => time is { } known ? Time(known) : Unknown;

    /// <summary>A time with milliseconds.</summary>
    public static string ExactTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Text(string? text) => string.IsNullOrEmpty(text) ? Unknown : text;

    public static string Generation(int? number) =>
        number is { } known ? string.Create(CultureInfo.InvariantCulture, $"g{known}") : Unknown;
}
