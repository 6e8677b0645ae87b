namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>How long a request is retried.</summary>
/// <param name="Total">How long it is retried after transient failures.</param>
/// <param name="PerAttempt">The timeout of each attempt.</param>
/// <param name="WaitsForBlocks">Whether writes are also retried while the index has a write block.</param>
internal sealed record RetryPolicy(TimeSpan Total, TimeSpan PerAttempt, bool WaitsForBlocks = false)
{
    /// <summary>For queries: the caller prefers a fast error.</summary>
    public static RetryPolicy OfQueries { get; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10));

    /// <summary>For live batches and changes of the registry, which the engine repeats.</summary>
    public static RetryPolicy OfSteps { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));

    /// <summary>For rebuilds: starting over costs more than waiting for a restarted server or for free disk space.</summary>
    public static RetryPolicy OfBuilds { get; } = new(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(60), WaitsForBlocks: true);
}

/// <summary>Waits between attempts: exponential backoff with jitter.</summary>
internal sealed class Backoff(TimeSpan total, TimeProvider clock)
{
    private const double MinJitter = 0.5;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly long start = clock.GetTimestamp();
    private TimeSpan next = First;

    /// <summary>Waits for the next attempt.</summary>
    /// <param name="retryAfter">The delay that the server requests; null for none.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>False, without waiting, if the next attempt would be after the total time.</returns>
    public async Task<bool> WaitAsync(TimeSpan? retryAfter, CancellationToken cancellation)
    {
        var delay = next * (MinJitter + (Random.Shared.NextDouble() * (1 - MinJitter)));
        if (retryAfter > delay)
            delay = retryAfter.Value;
        if (clock.GetElapsedTime(start) + delay > total)
            return false;
        await Task.Delay(delay, clock, cancellation);
        next = next * 2 < Longest ? next * 2 : Longest;
        return true;
    }
}
