using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Makes the report of a projection from what its store and the logs say now.</summary>
internal sealed class ProjectionReporter(ProjectionDefinition definition, string module, IGenerationRegistry store, LogHeads heads, ProjectionStatus status, RateMeter rates)
{
    public async Task<ProjectionReport> MakeAsync(CancellationToken cancellation)
    {
        var registry = await store.ReadAsync(cancellation);
        var (ends, noHeads) = await HeadsAsync(cancellation);
        var generations = new List<GenerationReport>();
        foreach (var generation in registry.Generations.Where(generation => generation.State != GenerationState.Dropped))
            generations.Add(await ReportAsync(registry, generation, ends, cancellation));
        return new ProjectionReport(
            definition.Name,
            module,
            store.Store,
            definition.Version,
            registry.Live?.Number,
            registry.Paused,
            generations,
            registry.Live is { } live ? registry.Parked.GetValueOrDefault(live.Number) : 0,
            [.. ProjectionNotes.Of(status.Version, registry), .. noHeads is null ? Array.Empty<string>() : [noHeads]]);
    }

    private async Task<(Dictionary<LogPartition, long>? Heads, string? Problem)> HeadsAsync(CancellationToken cancellation)
    {
        try
        {
            return (await heads.NowAsync(definition.Sources.Select(source => source.Catalogue.Log), cancellation), null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return (null, $"The heads of the logs cannot be read: {exception.Message}");
        }
    }

    private async Task<GenerationReport> ReportAsync(Registry registry, Generation generation, Dictionary<LogPartition, long>? ends, CancellationToken cancellation)
    {
        var moves = generation.State == GenerationState.Live || generation.IsUnderWay;
        var applied = generation.IsGone ? new Dictionary<LogPartition, long>() : await RateMeter.AppliedAsync(store, generation, cancellation);
        var goal = generation.Purpose == Purpose.Snapshot ? generation.Targets : ends;
        var wanted = generation.State switch
        {
            // Before a builder has taken the heads, they are what it is about to take.
            GenerationState.Building => generation.Targets ?? goal,
            GenerationState.Snapshot or GenerationState.Failed or GenerationState.Cancelled => generation.Targets,
            _ => ends,
        };
        var speed = moves ? rates.RatesOf(generation.Number) : null;
        var ages = moves && goal is not null ? await AgesAsync(applied, goal, cancellation) : [];
        var problems = status.PartitionsOf(generation.Number).ToDictionary(partition => partition.Partition, partition => partition.Stopped ?? partition.Waiting);

        var places = (wanted ?? applied).Keys.Union(applied.Keys).OrderBy(partition => partition.Log, StringComparer.Ordinal).ThenBy(partition => partition.Partition);
        PartitionReport[] partitions = generation.IsGone ? [] : [.. places.Select(partition =>
        {
            var done = applied.GetValueOrDefault(partition);
            long? lag = moves && goal is not null ? Math.Max(0, goal.GetValueOrDefault(partition) - done) : null;
            double? rate = speed?.GetValueOrDefault(partition);
            return new PartitionReport(
                partition.Log, partition.Partition, Math.Min(done, wanted?.GetValueOrDefault(partition) ?? done), wanted?.GetValueOrDefault(partition) ?? done,
                rate, RateSamples.Eta(lag, rate), lag, lag is null ? null : lag == 0 ? 0 : ages.TryGetValue(partition, out var age) ? age.TotalSeconds : null, problems.GetValueOrDefault(partition));
        })];

        var sum = moves && goal is not null ? partitions.Sum(partition => partition.LagEvents ?? 0) : (long?)null;
        double? total = speed?.Values.Sum();
        return new GenerationReport(
            generation.Number, generation.Version, generation.State, generation.Promotion, partitions.Sum(partition => partition.Applied), partitions.Sum(partition => partition.Total),
            total, rates.EtaOf(generation, sum), sum, sum is null ? null : partitions.Max(partition => (double?)(partition.LagSeconds ?? 0)), registry.Parked.GetValueOrDefault(generation.Number),
            generation.StartedAt, generation.EndedAt, generation.Until, generation.Snapshot, generation.RowHash, ReasonOf(generation, problems), partitions)
        {
            RowsWritten = RateMeter.FillOf(generation)?.Written,
            RowsLeft = RateMeter.FillOf(generation)?.Left,
        };
    }

    // What keeps a build is not in the registry: it passes without anything being done to the generation.
    private static string? ReasonOf(Generation generation, Dictionary<LogPartition, string?> problems)
    {
        var kept = generation.IsUnderWay ? problems.Where(partition => partition.Value is not null).ToArray() : [];
        return kept.Length == 0 || generation.Reason is not null ? generation.Reason : $"In {kept.Length} of {problems.Count} partitions: {kept.MinBy(partition => (partition.Key.Log, partition.Key.Partition)).Value}";
    }

    private async Task<Dictionary<LogPartition, TimeSpan>> AgesAsync(IReadOnlyDictionary<LogPartition, long> applied, IReadOnlyDictionary<LogPartition, long> goal, CancellationToken cancellation)
    {
        EventOffset[] behind = [.. goal.Where(end => applied.GetValueOrDefault(end.Key) < end.Value).Select(end => new EventOffset(end.Key, applied.GetValueOrDefault(end.Key)))];
        return behind.Length == 0 ? [] : await heads.AgesAsync(behind, cancellation);
    }
}
