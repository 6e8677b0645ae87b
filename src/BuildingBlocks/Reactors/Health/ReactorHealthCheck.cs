using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Reactors.Running;

namespace Monolith.BuildingBlocks.Reactors.Health;

/// <summary>Degraded when something is not reacted to. Never unhealthy: requests are served as well as ever, and another host would not react better.</summary>
internal sealed class ReactorHealthCheck(ReactorStatus status) : IHealthCheck
{
    private static readonly TimeSpan Failing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(60);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Fault() is { } fault ? HealthCheckResult.Degraded(fault) : HealthCheckResult.Healthy($"{status.Owned.Count} partitions"));

    private string? Fault() =>
        status.Problem
        ?? status.Owned.Select(FaultOf).FirstOrDefault(fault => fault is not null)
        ?? status.Owned.Select(status.StallOf).FirstOrDefault(stall => stall is not null)
        ?? status.TransportProblem;

    private static string? FaultOf(OwnedPartition partition) => partition switch
    {
        { Cursor.Stopped: { } stopped } => stopped,
        { Cursor.Waiting: { } waiting } => waiting,
        { Failure: var (reason, duration) } when duration > Failing => $"For {duration.TotalSeconds:0} s: {reason}",
        { WorkingFor: var duration } when duration > Hanging => $"A reaction in {partition.Partition} at offset {partition.Cursor.Committed} or later has been in work for {duration.TotalSeconds:0} s.",
        _ => null,
    };
}
