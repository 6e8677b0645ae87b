using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>
/// Pauses a rebuild after each piece of work, for as long as the live read models need. A late event makes pauses longer by as much as a
/// hundred punctual events make them shorter, so that they settle where one event in a hundred is late, as in the baseline. (Tracks a
/// quantile by stochastic approximation, after Robbins and Monro.)
/// </summary>
internal sealed class RebuildThrottle(LagSampler lag, TimeProvider clock)
{
    // A pause is the time of the work, doubled or halved so many times. A rebuild starts slowly: full speed is approached, not recovered
    // from.
    private const double InitialDoublings = 4;
    private const double MaxDoublings = 5;

    /// <summary>At this value there is no pause.</summary>
    private const double MinDoublings = -4;
    private const double StepPerLateEvent = 0.2;
    private const double StepPerPunctualEvent = StepPerLateEvent * (1 - LagTracker.Percentile) / LagTracker.Percentile;

    /// <summary>For each second without a late event: a read model with few events must not wait for hundreds of them.</summary>
    private const double StepPerSecond = 0.2;

    /// <summary>The loop does nothing else during a pause: no partition can be handed over.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private double doublings = InitialDoublings;
    private long adjustedAt = clock.GetTimestamp();
    private long workStartedAt;

    /// <summary>A piece of work starts.</summary>
    public void Begin() => workStartedAt = clock.GetTimestamp();

    /// <summary>A piece of work has ended; pauses, then starts the next.</summary>
    public async Task PauseAsync(CancellationToken cancellation)
    {
        Adjust();
        if (doublings > MinDoublings)
        {
            var pause = clock.GetElapsedTime(workStartedAt) * Math.Pow(2, doublings);
            await Task.Delay(pause < MaxPause ? pause : MaxPause, clock, cancellation);
        }

        Begin();
    }

    private void Adjust()
    {
        var samples = lag.Take();
        var now = clock.GetTimestamp();
        var shorter = StepPerPunctualEvent * samples.Punctual;
        if (samples.Late == 0)
            shorter = Math.Max(shorter, StepPerSecond * clock.GetElapsedTime(adjustedAt, now).TotalSeconds);
        doublings = samples.IsIdle
            ? MinDoublings
            : Math.Clamp(doublings + StepPerLateEvent * samples.Late - shorter, MinDoublings, MaxDoublings);
        lag.NoteThrottle(isFull: doublings == MaxDoublings);
        adjustedAt = now;
    }
}
