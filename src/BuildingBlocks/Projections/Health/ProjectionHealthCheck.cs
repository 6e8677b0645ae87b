using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Health;

/// <summary>
/// Unhealthy if the registry cannot be read, a partition of the live generation is stopped or waits, or a batch cannot be written. Degraded
/// if there are unknown event types or dead letters, the projection is paused, a build makes no progress, or the live generation is of
/// another version.
/// </summary>
/// <remarks>
/// Only degraded during the first build and if a remote store is unavailable: the host still answers everything else, queries of this read
/// model say that they cannot be answered, and another host would not do better.
/// </remarks>
internal sealed class ProjectionHealthCheck(ProjectionStatus status, bool storeIsRemote = false) : IHealthCheck
{
    private static readonly TimeSpan MaxBatchTime = TimeSpan.FromSeconds(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Judge());

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
            { Lost: { } lost } => $"The rows were lost and are being rebuilt: {lost}",
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
        if (status.ApplyingFor > MaxBatchTime)
            return StoreProblem($"A batch has been in work for {status.ApplyingFor.TotalSeconds:0} s. {status.BatchProblem}");
        if (status.TransportProblem is { } trouble)
            return HealthCheckResult.Unhealthy(trouble);
        if (status.UnknownTypes.FirstOrDefault() is { Key: { } type, Value: var where })
        {
            return HealthCheckResult.Degraded(
                $"The log holds the type {type} (first seen at {where}), which this binary does not know: "
                + "an older binary after a rollback?");
        }
        string[] notes = [.. Notes(), .. Obstacles()];
        return notes.Length > 0
            ? HealthCheckResult.Degraded(string.Join(' ', notes))
            : HealthCheckResult.Healthy($"generation {status.Generation}, {partitions.Count} partitions");
    }

    private HealthCheckResult StoreProblem(string problem) =>
        storeIsRemote ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Unhealthy(problem);

    private IEnumerable<string> Notes() => status.Registry is { } registry ? ProjectionNotes.Of(status.Version, registry) : [];

    private IEnumerable<string> Obstacles() => status.Registry?.UnderWay is { } build
        ? status.PartitionsOf(build.Number).Select(partition => partition.Stopped ?? partition.Waiting).OfType<string>().Take(1)
        : [];
}
