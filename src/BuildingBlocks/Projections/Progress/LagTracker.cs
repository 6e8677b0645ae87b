namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>
/// Measures how long events take to become visible in the live read models of this process, so that rebuilds slow down before they make
/// that much longer. The baseline is the lag while nothing is being rebuilt.
/// </summary>
internal sealed class LagTracker(TimeProvider clock)
{
    /// <summary>The percentile of the lag that is the baseline.</summary>
    public const double Percentile = 0.99;

    // An event is late if its lag is over this multiple of the baseline. The promise is twice the baseline; the rest is room for noise.
    private const double Tolerance = 1.5;

    // Enough for a percentile that one slow moment does not move.
    private const int MaxBaselineSamples = 10_000;
    private const int MinBaselineSamples = 20;
    private const int MinThrottledSamples = 100;

    // Below this the difference is not noticeable, and the figures are noise.
    private static readonly TimeSpan MinBaseline = TimeSpan.FromMilliseconds(10);

    // Until it was measured. A rebuild that starts with the host must not take the normal latency of a broker for a slowdown.
    private static readonly TimeSpan InitialBaseline = TimeSpan.FromMilliseconds(50);

    // An older event was not written just now: the read model is catching up, and its events are neither late nor punctual.
    private static readonly TimeSpan MaxLiveLag = TimeSpan.FromSeconds(5);

    // If no event became visible for this long, rebuilds need not pause.
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(2);

    // The work that follows a rebuild (dropping old rows, flushing new ones) must not count as the baseline: of several rebuilds in a row,
    // each would adapt to the one before.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    // Rebuilds must be fully throttled for this long before the lag meanwhile counts as the baseline.
    private static readonly TimeSpan MinThrottledTime = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Queue<TimeSpan> baselineLags = new();
    private readonly Queue<TimeSpan> throttledLags = new();
    private readonly List<LagSampler> samplers = [];
    private TimeSpan baseline = InitialBaseline;
    private long? lastVisibleAt;
    private long? rebuildEndedAt;
    private long? throttledSince;

    /// <summary>Adds the lags of events that became visible together.</summary>
    public void Add(params ReadOnlySpan<TimeSpan> lags)
    {
        if (lags.IsEmpty)
            return;
        lock (gate)
        {
            // Also for events that are too old to be sampled: a live read model that is far behind is not idle.
            lastVisibleAt = clock.GetTimestamp();
            var isBaseline = samplers.Count == 0 && IsPast(rebuildEndedAt, SettlingTime);
            foreach (var lag in lags)
            {
                if (lag > MaxLiveLag)
                    continue;
                foreach (var sampler in samplers)
                    sampler.Add(isLate: lag > baseline * Tolerance);
                if (throttledSince is not null)
                    Enqueue(throttledLags, lag);
                else if (isBaseline)
                    Enqueue(baselineLags, lag);
            }
        }
    }

    /// <summary>A rebuild starts; it ends when the sampler is disposed.</summary>
    public LagSampler BeginRebuild()
    {
        lock (gate)
        {
            if (samplers.Count == 0 && baselineLags.Count >= MinBaselineSamples)
                baseline = PercentileOf(baselineLags);
            var sampler = new LagSampler(this);
            samplers.Add(sampler);
            UpdateThrottled();
            return sampler;
        }
    }

    /// <summary>Takes the samples of a rebuild since its last call.</summary>
    public LagSamples Take(LagSampler sampler)
    {
        lock (gate)
        {
            if (throttledSince is { } since && throttledLags.Count >= MinThrottledSamples && IsPast(since, MinThrottledTime))
            {
                // The lag cannot get lower: the baseline was never measured, or conditions have changed since.
                var measured = PercentileOf(throttledLags);
                baseline = measured > baseline ? measured : baseline;
                StartThrottled(clock.GetTimestamp());
            }

            return sampler.Take(isIdle: IsPast(lastVisibleAt, IdleAfter));
        }
    }

    public void NoteThrottle(LagSampler sampler, bool isFull)
    {
        lock (gate)
        {
            sampler.IsFullyThrottled = isFull;
            UpdateThrottled();
        }
    }

    public void End(LagSampler sampler)
    {
        lock (gate)
        {
            if (samplers.Remove(sampler))
                rebuildEndedAt = clock.GetTimestamp();
            UpdateThrottled();
        }
    }

    private void UpdateThrottled()
    {
        var allThrottled = samplers.Count > 0 && samplers.TrueForAll(sampler => sampler.IsFullyThrottled);
        if (allThrottled != throttledSince is not null)
            StartThrottled(allThrottled ? clock.GetTimestamp() : null);
    }

    private void StartThrottled(long? at)
    {
        throttledLags.Clear();
        throttledSince = at;
    }

    private static void Enqueue(Queue<TimeSpan> lags, TimeSpan lag)
    {
        lags.Enqueue(lag);
        if (lags.Count > MaxBaselineSamples)
            lags.Dequeue();
    }

    private static TimeSpan PercentileOf(Queue<TimeSpan> lags)
    {
        TimeSpan[] ordered = [.. lags.Order()];
        var measured = ordered[(int)(Percentile * (ordered.Length - 1))];
        return measured > MinBaseline ? measured : MinBaseline;
    }

    private bool IsPast(long? at, TimeSpan span) => at is not { } moment || clock.GetElapsedTime(moment) > span;
}
