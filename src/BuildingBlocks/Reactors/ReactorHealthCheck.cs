using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>
/// Degraded if events are not handled. Never unhealthy: requests are served as usual, and another host would not do better.
/// </summary>
internal sealed class ReactorHealthCheck(ReactorStatus status) : IHealthCheck
{
    private static readonly TimeSpan MaxFailingTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxHandlingTime = TimeSpan.FromSeconds(60);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Problem() is { } problem
            ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy($"{status.Owned.Count} partitions"));

    private string? Problem() =>
        status.Problem
        ?? status.Owned.Select(ProblemOf).FirstOrDefault(problem => problem is not null)
        ?? status.Owned.Select(status.StallOf).FirstOrDefault(stall => stall is not null)
        ?? status.TransportProblem;

    private static string? ProblemOf(OwnedPartition partition) => partition switch
    {
        { Cursor.Stopped: { } stopped } => stopped,
        { Cursor.Waiting: { } waiting } => waiting,
        { Failure: var (reason, duration) } when duration > MaxFailingTime => $"For {duration.TotalSeconds:0} s: {reason}",
        { WorkingFor: var duration } when duration > MaxHandlingTime =>
            $"A reaction in {partition.Partition} at offset {partition.Cursor.Committed} or later "
            + $"has been in work for {duration.TotalSeconds:0} s.",
        _ => null,
    };
}
