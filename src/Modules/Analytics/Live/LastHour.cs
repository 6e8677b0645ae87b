namespace Monolith.Modules.Analytics.Live;

/// <summary>
/// Orders and revenue a minute over the last hour, by currency: sixty minutes that are over and the one that runs. Whoever follows it remembers the version that it has seen, and asks for what has changed
/// since. Not for several threads at a time.
/// </summary>
internal sealed class LastHour
{
    /// <summary>How many minutes there are besides the one that runs.</summary>
    public const int Minutes = 60;

    private readonly Dictionary<(DateTimeOffset Minute, string Currency), Entry> entries = [];
    private DateTimeOffset first = DateTimeOffset.MinValue;

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>The first minute that still counts.</summary>
    /// <param name="now">The time.</param>
    public static DateTimeOffset FirstAt(DateTimeOffset now) => MinuteOf(now).AddMinutes(-Minutes);

    /// <summary>An order was placed.</summary>
    /// <param name="at">When.</param>
    /// <param name="currency">In which currency.</param>
    /// <param name="amount">What it comes to.</param>
    public void Add(DateTimeOffset at, string currency, decimal amount)
    {
        var minute = MinuteOf(at);
        if (minute < first)
            return;
        Version++;
        var entry = entries.GetValueOrDefault((minute, currency));
        entries[(minute, currency)] = new Entry(entry.Orders + 1, entry.Revenue + amount, Version);
    }

    /// <summary>Forgets what is over an hour old.</summary>
    /// <param name="now">The time.</param>
    public void Forget(DateTimeOffset now)
    {
        if (FirstAt(now) is var oldest && oldest <= first)
            return;
        first = oldest;
        foreach (var key in entries.Keys.Where(key => key.Minute < first).ToArray())
            entries.Remove(key);
    }

    /// <summary>The figures that have changed since a version, in the order of time; all of them since version 0.</summary>
    /// <param name="version">The version.</param>
    public IReadOnlyList<MinuteFigures> Since(long version) =>
    [
        .. entries.Where(entry => entry.Value.ChangedAt > version)
            .OrderBy(entry => entry.Key.Minute).ThenBy(entry => entry.Key.Currency, StringComparer.Ordinal)
            .Select(entry => new MinuteFigures(entry.Key.Minute, entry.Key.Currency, entry.Value.Orders, entry.Value.Revenue)),
    ];

    private static DateTimeOffset MinuteOf(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private readonly record struct Entry(long Orders, decimal Revenue, long ChangedAt);
}
