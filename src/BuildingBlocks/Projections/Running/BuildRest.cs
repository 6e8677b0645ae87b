namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// How long a build rests after each piece of work: as long as the live read models need, and no longer. It doubles at once where they suffer, and shrinks slowly where they do not; each step is judged
/// by what became visible after the one before.
/// </summary>
internal sealed class BuildRest(LivePace pace, TimeProvider clock)
{
    /// <summary>What a build beside live traffic begins with, as a multiple of the work: full speed has to be found out, not recovered from.</summary>
    private const double First = 1;
    private const double Longest = 16;
    private const double Least = 0.1;
    private const double Shrinking = 0.9;

    /// <summary>The loop does nothing else meanwhile: no partition can be handed over.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private double rest = First;
    private long judgedFrom = clock.GetTimestamp();
    private long worksSince;

    /// <summary>A piece of work begins.</summary>
    public void Begin() => worksSince = clock.GetTimestamp();

    /// <summary>A piece of work has ended, and the next begins after the rest.</summary>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        Judge();
        if (rest >= Least)
        {
            var pause = clock.GetElapsedTime(worksSince) * rest;
            await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, cancellation);
        }

        Begin();
    }

    private void Judge()
    {
        var condition = pace.Judge(judgedFrom);
        if (condition == LiveCondition.Unknown)
            return;
        rest = condition switch
        {
            LiveCondition.Suffering => Math.Clamp(rest * 2, First, Longest),
            LiveCondition.Calm => rest * Shrinking,
            _ => 0,
        };
        judgedFrom = clock.GetTimestamp();
    }
}
