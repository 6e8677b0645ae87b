using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Health;

/// <summary>
/// Unhealthy when its registry cannot be followed, or when a partition of its live generation is stopped, waits for what does not come, or a batch does not get through; degraded when types were met
/// that this binary does not know, events are parked, it is paused, a build beside the live generation cannot go on, or the live generation is of another version. Degraded too while it is built for the first time, whatever keeps the build: a new
/// query store must not take a host out of service that answers everything else, and its own queries say that they cannot be answered. So it is with a store that is a server of its own and away:
/// no other host would reach it either.
/// </summary>
internal sealed class ProjectionHealthCheck(ProjectionStatus status, bool storeIsRemote = false) : IHealthCheck
{
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Judge());

    private HealthCheckResult Judge()
    {
        if (status.RegistryProblem is { } unknown)
            return StoreProblem(unknown);
        return status.Generation == 0 ? JudgeFirstBuild() : JudgeLive();
    }

    private HealthCheckResult JudgeFirstBuild()
    {
        var what = status.Registry switch
        {
            null => "The registry was not read yet.",
            { Lost: { } lost } => $"The rows were lost, and are being built anew: {lost}",
            _ => "The read model is being built for the first time.",
        };
        string?[] all = [what, status.Problem, .. Obstacles(), .. Notes()];
        return HealthCheckResult.Degraded(string.Join(' ', all.OfType<string>()));
    }

    private HealthCheckResult JudgeLive()
    {
        var partitions = status.Partitions;
        var stopped = partitions.Select(partition => partition.Stopped ?? partition.Waiting).FirstOrDefault(reason => reason is not null);
        if (stopped is not null)
            return HealthCheckResult.Unhealthy(stopped);
        if (status.Problem is { } problem)
            return StoreProblem(problem);
        if (status.ApplyingFor > Stalled)
            return StoreProblem($"A batch has been in work for {status.ApplyingFor.TotalSeconds:0} s. {status.BatchProblem}");
        if (status.TransportProblem is { } trouble)
            return HealthCheckResult.Unhealthy(trouble);
        if (status.UnknownTypes.FirstOrDefault() is { Key: { } type, Value: var where })
            return HealthCheckResult.Degraded($"The log holds the type {type} (first seen at {where}), which this binary does not know: an older binary after a rollback?");
        string[] notes = [.. Notes(), .. Obstacles()];
        return notes.Length > 0
            ? HealthCheckResult.Degraded(string.Join(' ', notes))
            : HealthCheckResult.Healthy($"generation {status.Generation}, {partitions.Count} partitions");
    }

    private HealthCheckResult StoreProblem(string problem) => storeIsRemote ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Unhealthy(problem);

    private IEnumerable<string> Notes() => status.Registry is { } registry ? ProjectionNotes.Of(status.Version, registry) : [];

    private IEnumerable<string> Obstacles() => status.Registry?.UnderWay is { } build
        ? status.PartitionsOf(build.Number).Select(partition => partition.Stopped ?? partition.Waiting).OfType<string>().Take(1)
        : [];
}
