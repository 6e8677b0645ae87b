using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Web.Traffic;

/// <summary>
/// Counts concurrent requests, limits their number, and drains the host before it stops: its health check fails, and it serves requests
/// until no more arrive.
/// </summary>
public sealed class RequestTraffic
{
    /// <summary>The maximum number of concurrent requests.</summary>
    public static readonly Setting<int> MaxConcurrent = Setting.WholeNumber(
        "Requests:AtOnce", 1_000, 1, 100_000,
        "How many requests a host executes at the same time. One more is refused with 503 `overloaded` and a `Retry-After` of a second. "
        + "Streams that stay open, health and metrics are not counted.");

    // Load balancers have noticed the health check when no request arrives for this long.
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(1);

    // The other parts of the host need less than 7 s more, so that it stops within 10 s.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    private readonly int max;
    private readonly TimeProvider clock;
    private int running;
    private long lastEnd;
    private volatile bool draining;

    /// <summary>Creates the counter.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="InvalidSettingException">The setting is invalid.</exception>
    public RequestTraffic(IConfiguration configuration, TimeProvider clock)
    {
        max = MaxConcurrent.Of(configuration);
        this.clock = clock;
        lastEnd = clock.GetTimestamp() - (long)(QuietPeriod.TotalSeconds * clock.TimestampFrequency);
    }

    /// <summary>Whether the host is about to stop.</summary>
    public bool IsDraining => draining;

    private bool IsQuiet => Volatile.Read(ref running) == 0 && clock.GetElapsedTime(Volatile.Read(ref lastEnd)) >= QuietPeriod;

    /// <summary>
    /// Reports the host as not ready and closes connections after their next response. Completes when no request is running and none
    /// arrived for a second, after three seconds at the latest.
    /// </summary>
    public async Task DrainAsync()
    {
        draining = true;
        var began = clock.GetTimestamp();
        while (!IsQuiet && clock.GetElapsedTime(began) < DrainTimeout)
            await Task.Delay(PollInterval, clock);
    }

    /// <summary>Begins a request; false if too many are running.</summary>
    internal bool TryBegin()
    {
        if (Interlocked.Increment(ref running) <= max)
            return true;
        Interlocked.Decrement(ref running);
        return false;
    }

    internal void End()
    {
        Volatile.Write(ref lastEnd, clock.GetTimestamp());
        Interlocked.Decrement(ref running);
    }
}

/// <summary>Fails while the host is draining.</summary>
internal sealed class DrainingCheck(RequestTraffic traffic) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(traffic.IsDraining
            ? HealthCheckResult.Unhealthy("The host is about to stop: send no more requests.")
            : HealthCheckResult.Healthy());
}
