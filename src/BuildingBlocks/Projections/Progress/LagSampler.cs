namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>What one build sees of the live read models beside it; it ends with the disposal.</summary>
internal sealed class LagSampler(LagTracker pace) : IDisposable
{
    private int late;
    private int onTime;

    /// <summary>Set by the pace, under its lock.</summary>
    public bool RestsLongest { get; set; }

    /// <summary>Notes whether the build rests as long as it may: what is seen then is as calm as it gets.</summary>
    public void NoteRest(bool isLongest) => pace.NoteRest(this, isLongest);

    /// <summary>Takes what became visible since it was taken last.</summary>
    public LagSamples Take() => pace.Take(this);

    public void Dispose() => pace.End(this);

    /// <summary>Called by the pace, under its lock.</summary>
    public void Note(bool isLate)
    {
        if (isLate)
            late++;
        else
            onTime++;
    }

    /// <summary>Called by the pace, under its lock.</summary>
    public LagSamples Take(bool isIdle)
    {
        var taken = new LagSamples(late, onTime, isIdle);
        (late, onTime) = (0, 0);
        return taken;
    }
}

/// <summary>How events became visible in the live read models of this process.</summary>
/// <param name="Late">How many took clearly longer than nearly all do while nothing is being built.</param>
/// <param name="OnTime">How many did not.</param>
/// <param name="IsIdle">Nothing has become visible for a while: there is nobody to rest for.</param>
internal readonly record struct LagSamples(int Late, int OnTime, bool IsIdle);
