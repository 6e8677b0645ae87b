using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>
/// How long a build rests after each piece of work: as long as the live read models need, and no longer. Every late event makes the rest longer by as much as a hundred on time make it shorter, so that
/// it settles where one in a hundred is late, as in calm. (A quantile followed by stochastic approximation, after Robbins and Monro.)
/// </summary>
internal sealed class RebuildThrottle(LagSampler live, TimeProvider clock)
{
    /// <summary>Rests are counted in doublings of the work. What a build beside live traffic begins with: full speed has to be found out, not recovered from.</summary>
    private const double First = 4;
    private const double Longest = 5;

    /// <summary>Below this there is no rest at all.</summary>
    private const double Least = -4;
    private const double OfALateEvent = 0.2;
    private const double OfAnEventOnTime = OfALateEvent * (1 - LagTracker.Percentile) / LagTracker.Percentile;

    /// <summary>Of a second without a late event: where there are few events, one must not wait for hundreds of them.</summary>
    private const double OfASecond = 0.2;

    /// <summary>The loop does nothing else meanwhile: no partition can be handed over.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private double doublings = First;
    private long judged = clock.GetTimestamp();
    private long worksSince;

    /// <summary>A piece of work begins.</summary>
    public void Begin() => worksSince = clock.GetTimestamp();

    /// <summary>A piece of work has ended, and the next begins after the rest.</summary>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        Judge();
        if (doublings > Least)
        {
            var pause = clock.GetElapsedTime(worksSince) * Math.Pow(2, doublings);
            await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, cancellation);
        }

        Begin();
    }

    private void Judge()
    {
        var seen = live.Take();
        var now = clock.GetTimestamp();
        var faster = seen.Late > 0 ? OfAnEventOnTime * seen.OnTime : Math.Max(OfAnEventOnTime * seen.OnTime, OfASecond * clock.GetElapsedTime(judged, now).TotalSeconds);
        doublings = seen.IsIdle ? Least : Math.Clamp(doublings + OfALateEvent * seen.Late - faster, Least, Longest);
        live.NoteRest(isLongest: doublings == Longest);
        judged = now;
    }
}
