namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// How long events take to become visible in the live read models of this process, so that builds beside them hold back when they would make that much longer. Calm is what it was while nothing was
/// being built.
/// </summary>
/// <param name="clock">Tells when something was noted.</param>
internal sealed class LivePace(TimeProvider clock)
{
    /// <summary>From here on a build holds back, so that a live projection stays below twice what it takes in calm.</summary>
    private const double Tolerance = 1.25;
    private const int Kept = 512;
    private const int FewestSamples = 20;
    private const double Percentile = 0.99;

    /// <summary>Below this nobody notices, and the figures are noise.</summary>
    private static readonly TimeSpan Unnoticed = TimeSpan.FromMilliseconds(10);

    /// <summary>What calm is taken to be until it was measured: a build that begins with the host must not take the usual way through a broker for suffering.</summary>
    private static readonly TimeSpan Unmeasured = TimeSpan.FromMilliseconds(50);

    /// <summary>What is older was not written just now: the read model is catching up.</summary>
    private static readonly TimeSpan NotLive = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(2);

    private readonly Lock one = new();
    private readonly Queue<(long At, TimeSpan Age)> recent = new();
    private TimeSpan calm = Unmeasured;
    private int notedInCalm;
    private int builds;

    /// <summary>Notes how old an event was when it became visible.</summary>
    public void Note(TimeSpan age)
    {
        if (age > NotLive)
            return;
        lock (one)
        {
            recent.Enqueue((clock.GetTimestamp(), age < TimeSpan.Zero ? TimeSpan.Zero : age));
            while (recent.Count > Kept)
                recent.Dequeue();
            if (builds == 0 && ++notedInCalm % FewestSamples == 0 && PercentileOf(recent) is var now)
                calm = now > Unnoticed ? now : Unnoticed;
        }
    }

    /// <summary>A build begins; it ends with the disposal.</summary>
    public IDisposable Build()
    {
        lock (one)
            builds++;
        return new Ending(this);
    }

    /// <summary>How live read models have fared since a moment.</summary>
    /// <param name="since">A timestamp of the clock: what was before is not looked at.</param>
    public LiveCondition Judge(long since)
    {
        lock (one)
        {
            var now = clock.GetTimestamp();
            while (recent.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At, now) > Recent)
                recent.Dequeue();
            if (recent.Count == 0)
                return LiveCondition.Idle;
            var samples = recent.Where(sample => sample.At > since).ToArray();
            return samples switch
            {
                { Length: < FewestSamples } => LiveCondition.Unknown,
                _ when PercentileOf(samples) > calm * Tolerance => LiveCondition.Suffering,
                _ => LiveCondition.Calm,
            };
        }
    }

    private static TimeSpan PercentileOf(IEnumerable<(long At, TimeSpan Age)> samples)
    {
        TimeSpan[] ages = [.. samples.Select(sample => sample.Age).Order()];
        return ages[(int)(Percentile * (ages.Length - 1))];
    }

    private sealed class Ending(LivePace pace) : IDisposable
    {
        private bool ended;

        public void Dispose()
        {
            lock (pace.one)
            {
                if (!ended)
                    pace.builds--;
                ended = true;
            }
        }
    }
}
