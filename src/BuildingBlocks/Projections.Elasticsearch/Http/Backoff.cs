namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>The pauses between attempts: each twice as long as the one before, up to a bound, and never quite the same for two that wait for the same server.</summary>
internal sealed class Backoff(TimeSpan patience, TimeProvider clock)
{
    private const double LeastPart = 0.5;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly long begun = clock.GetTimestamp();
    private TimeSpan next = First;

    /// <summary>Waits for the next attempt.</summary>
    /// <param name="asked">How long the server asks to be left alone; null where it says nothing.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether there is to be another attempt; false at once where it would come too late.</returns>
    public async Task<bool> TakeAsync(TimeSpan? asked, CancellationToken cancellation)
    {
        var pause = next * (LeastPart + (Random.Shared.NextDouble() * (1 - LeastPart)));
        if (asked > pause)
            pause = asked.Value;
        if (clock.GetElapsedTime(begun) + pause > patience)
            return false;
        await Task.Delay(pause, clock, cancellation);
        next = next * 2 < Longest ? next * 2 : Longest;
        return true;
    }
}
