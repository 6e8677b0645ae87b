namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>
/// How long events take to become visible in the live read models of this process, so that builds beside them hold back when they would make that much longer. Calm is what it was while nothing was
/// being built.
/// </summary>
/// <param name="clock">Tells when something was noted.</param>
internal sealed class LagTracker(TimeProvider clock)
{
    /// <summary>What calm leaves below it: an event that takes clearly longer is late.</summary>
    public const double Percentile = 0.99;

    /// <summary>Of the percentile in calm. A build keeps the share of late events as it is in calm, so that what is promised, twice as long, has room for the noise.</summary>
    private const double Tolerance = 1.5;

    /// <summary>Enough for a percentile that one slow moment does not move.</summary>
    private const int MostOfCalm = 10_000;
    private const int FewestOfCalm = 20;

    /// <summary>Of what is seen beside builds that rest as long as they may.</summary>
    private const int FewestAtRest = 100;

    /// <summary>Below this nobody notices, and the figures are noise.</summary>
    private static readonly TimeSpan Unnoticed = TimeSpan.FromMilliseconds(10);

    /// <summary>What calm is taken to be until it was measured: a build that begins with the host must not take the usual way through a broker for suffering.</summary>
    private static readonly TimeSpan Unmeasured = TimeSpan.FromMilliseconds(50);

    /// <summary>What is older was not written just now: the read model is catching up, and its events are neither late nor on time.</summary>
    private static readonly TimeSpan NotLive = TimeSpan.FromSeconds(5);

    /// <summary>Where nothing has become visible for so long, there is nobody to rest for.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    /// <summary>What a build leaves to be done, the old rows to drop and the new ones to flush, is no calm yet: of rebuilds one after the other each would get used to the one before.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    /// <summary>So long builds have to rest as long as they may before what is seen meanwhile is taken for calm.</summary>
    private static readonly TimeSpan LongRest = TimeSpan.FromSeconds(5);

    private readonly Lock one = new();
    private readonly Queue<TimeSpan> inCalm = new();
    private readonly Queue<TimeSpan> atRest = new();
    private readonly List<LagSampler> watches = [];
    private TimeSpan calm = Unmeasured;
    private long? noted;
    private long? ended;
    private long? restedSince;

    /// <summary>Notes how old events were when they became visible, all at once.</summary>
    public void Note(params ReadOnlySpan<TimeSpan> ages)
    {
        if (ages.IsEmpty)
            return;
        lock (one)
        {
            // A live read model that is far behind has not been left by everybody: a build that took it so would hold it back further.
            noted = clock.GetTimestamp();
            var isCalm = watches.Count == 0 && IsPast(ended, Aftermath);
            foreach (var age in ages)
            {
                if (age > NotLive)
                    continue;
                foreach (var watch in watches)
                    watch.Note(isLate: age > calm * Tolerance);
                if (restedSince is not null)
                    Keep(atRest, age);
                else if (isCalm)
                    Keep(inCalm, age);
            }
        }
    }

    /// <summary>A build begins; it ends with the disposal.</summary>
    public LagSampler Build()
    {
        lock (one)
        {
            if (watches.Count == 0 && inCalm.Count >= FewestOfCalm)
                calm = PercentileOf(inCalm);
            var watch = new LagSampler(this);
            watches.Add(watch);
            NoteRests();
            return watch;
        }
    }

    /// <summary>Takes what a build has seen since it asked last.</summary>
    /// <param name="watch">The build's own.</param>
    public LagSamples Take(LagSampler watch)
    {
        lock (one)
        {
            if (restedSince is { } since && atRest.Count >= FewestAtRest && IsPast(since, LongRest))
            {
                // It does not get any calmer: calm was never measured, or times have changed since.
                var now = PercentileOf(atRest);
                calm = now > calm ? now : calm;
                RestFrom(clock.GetTimestamp());
            }

            return watch.Take(isIdle: IsPast(noted, Idle));
        }
    }

    /// <summary>Notes whether a build rests as long as it may.</summary>
    public void NoteRest(LagSampler watch, bool isLongest)
    {
        lock (one)
        {
            watch.RestsLongest = isLongest;
            NoteRests();
        }
    }

    public void End(LagSampler watch)
    {
        lock (one)
        {
            if (watches.Remove(watch))
                ended = clock.GetTimestamp();
            NoteRests();
        }
    }

    private void NoteRests()
    {
        var allRest = watches.Count > 0 && watches.TrueForAll(watch => watch.RestsLongest);
        if (allRest != restedSince is not null)
            RestFrom(allRest ? clock.GetTimestamp() : null);
    }

    private void RestFrom(long? moment)
    {
        atRest.Clear();
        restedSince = moment;
    }

    private static void Keep(Queue<TimeSpan> ages, TimeSpan age)
    {
        ages.Enqueue(age);
        if (ages.Count > MostOfCalm)
            ages.Dequeue();
    }

    private static TimeSpan PercentileOf(Queue<TimeSpan> ages)
    {
        TimeSpan[] ordered = [.. ages.Order()];
        var measured = ordered[(int)(Percentile * (ordered.Length - 1))];
        return measured > Unnoticed ? measured : Unnoticed;
    }

    private bool IsPast(long? moment, TimeSpan span) => moment is not { } at || clock.GetElapsedTime(at) > span;
}
