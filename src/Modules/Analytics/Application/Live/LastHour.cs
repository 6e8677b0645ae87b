namespace Monolith.Modules.Analytics.Application.Live;

/// <summary>
/// Orders and revenue per minute and currency over the last hour: the current minute and the sixty before it. A reader keeps the version
/// that it has read, and reads the changes since. Not thread-safe.
/// </summary>
internal sealed class LastHour
{
    /// <summary>The number of minutes before the current one.</summary>
    public const int Minutes = 60;

    private readonly Dictionary<(DateTimeOffset Minute, string Currency), Entry> entries = [];
    private DateTimeOffset first = DateTimeOffset.MinValue;

    /// <summary>Incremented by each change.</summary>
    public long Version { get; private set; }

    /// <summary>The first minute of the last hour.</summary>
    public static DateTimeOffset FirstAt(DateTimeOffset now) => MinuteOf(now).AddMinutes(-Minutes);

    /// <summary>Counts an order.</summary>
    public void Add(DateTimeOffset placedAt, string currency, decimal amount)
    {
        var minute = MinuteOf(placedAt);
        if (minute < first)
            return;
        Version++;
        var entry = entries.GetValueOrDefault((minute, currency));
        entries[(minute, currency)] = new Entry(entry.Orders + 1, entry.Revenue + amount, Version);
    }

    /// <summary>Removes minutes before the last hour.</summary>
    public void RemoveOld(DateTimeOffset now)
    {
        if (FirstAt(now) is var oldest && oldest <= first)
            return;
        first = oldest;
        foreach (var key in entries.Keys.Where(key => key.Minute < first).ToArray())
            entries.Remove(key);
    }

    /// <summary>The figures that changed after a version, ordered by time; version 0 returns all.</summary>
    public IReadOnlyList<MinuteFigures> Since(long version) =>
    [
        .. entries.Where(entry => entry.Value.ChangedAt > version)
            .OrderBy(entry => entry.Key.Minute).ThenBy(entry => entry.Key.Currency, StringComparer.Ordinal)
            .Select(entry => new MinuteFigures(entry.Key.Minute, entry.Key.Currency, entry.Value.Orders, entry.Value.Revenue)),
    ];

    private static DateTimeOffset MinuteOf(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private readonly record struct Entry(long Orders, decimal Revenue, long ChangedAt);
}

/// <summary>The orders that were placed in a minute, in one currency.</summary>
/// <param name="Minute">The start of the minute, UTC.</param>
/// <param name="Currency">The ISO 4217 code.</param>
/// <param name="Orders">The number of orders.</param>
/// <param name="Revenue">The sum of their amounts.</param>
internal sealed record MinuteFigures(DateTimeOffset Minute, string Currency, long Orders, decimal Revenue);
