namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>Samples the lag of the live read models for one rebuild, until it is disposed.</summary>
internal sealed class LagSampler(LagTracker tracker) : IDisposable
{
    private int late;
    private int punctual;

    /// <summary>Set by the tracker, under its lock.</summary>
    public bool IsFullyThrottled { get; set; }

    /// <summary>Notes whether the rebuild is fully throttled. Lag measured meanwhile counts as the baseline.</summary>
    public void NoteThrottle(bool isFull) => tracker.NoteThrottle(this, isFull);

    /// <summary>The samples since the last call.</summary>
    public LagSamples Take() => tracker.Take(this);

    public void Dispose() => tracker.End(this);

    /// <summary>Called by the tracker, under its lock.</summary>
    public void Add(bool isLate)
    {
        if (isLate)
            late++;
        else
            punctual++;
    }

    /// <summary>Called by the tracker, under its lock.</summary>
    public LagSamples Take(bool isIdle)
    {
        var taken = new LagSamples(late, punctual, isIdle);
        (late, punctual) = (0, 0);
        return taken;
    }
}

/// <summary>How many events became visible in the live read models with a lag over the threshold, and how many below it.</summary>
/// <param name="Late">Events with a lag over the threshold.</param>
/// <param name="Punctual">Events with a lag below it.</param>
/// <param name="IsIdle">Whether no event became visible for a while, so that no pause is needed.</param>
internal readonly record struct LagSamples(int Late, int Punctual, bool IsIdle);
