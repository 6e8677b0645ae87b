using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Creates the report of a projection from its registry, its checkpoints and the heads of its logs.</summary>
internal sealed class ProjectionReporter(
    ProjectionDefinition definition, string module, IGenerationRegistry store, LogHeads heads, ProjectionStatus status, RateMeter rates)
{
    public async Task<ProjectionReport> MakeAsync(CancellationToken cancellation)
    {
        var registry = await store.ReadAsync(cancellation);
        var (currentHeads, headsProblem) = await HeadsAsync(cancellation);
        var generations = new List<GenerationReport>();
        foreach (var generation in registry.Generations.Where(generation => generation.State != GenerationState.Dropped))
            generations.Add(await ReportAsync(registry, generation, currentHeads, cancellation));
        return new ProjectionReport(
            definition.Name,
            module,
            store.Store,
            definition.Version,
            registry.Live?.Number,
            registry.Paused,
            generations,
            registry.Live is { } live ? registry.DeadLetters.GetValueOrDefault(live.Number) : 0,
            [.. ProjectionNotes.Of(status.Version, registry), .. headsProblem is null ? Array.Empty<string>() : [headsProblem]]);
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

    private async Task<GenerationReport> ReportAsync(
        Registry registry, Generation generation, Dictionary<LogPartition, long>? currentHeads, CancellationToken cancellation)
    {
        var problems = status.PartitionsOf(generation.Number)
            .ToDictionary(partition => partition.Partition, partition => partition.Stopped ?? partition.Waiting);
        var partitions = generation.IsGone ? [] : await PartitionsAsync(generation, currentHeads, problems, cancellation);
        var isKnown = Moves(generation) && GoalOf(generation, currentHeads) is not null;
        var lag = isKnown ? partitions.Sum(partition => partition.LagEvents ?? 0) : (long?)null;
        var fill = RateMeter.FillOf(generation);
        return new GenerationReport(
            generation.Number,
            generation.Version,
            generation.State,
            generation.Promotion,
            partitions.Sum(partition => partition.Applied),
            partitions.Sum(partition => partition.Total),
            Moves(generation) ? rates.RatesOf(generation.Number)?.Values.Sum() : null,
            rates.EtaOf(generation, lag),
            lag,
            lag is null ? null : partitions.Max(partition => (double?)(partition.LagSeconds ?? 0)),
            registry.DeadLetters.GetValueOrDefault(generation.Number),
            generation.StartedAt,
            generation.EndedAt,
            generation.Until,
            generation.Snapshot,
            generation.RowHash,
            ReasonOf(generation, problems),
            partitions)
        {
            RowsWritten = fill?.Written,
            RowsLeft = fill?.Left,
        };
    }

    private async Task<PartitionReport[]> PartitionsAsync(
        Generation generation,
        Dictionary<LogPartition, long>? currentHeads,
        Dictionary<LogPartition, string?> problems,
        CancellationToken cancellation)
    {
        var applied = await RateMeter.AppliedAsync(store, generation, cancellation);
        var goal = Moves(generation) ? GoalOf(generation, currentHeads) : null;
        var totals = generation.State switch
        {
            // Before its build has stored its targets, they are the heads that it is about to store.
            GenerationState.Building => generation.Targets ?? GoalOf(generation, currentHeads),
            GenerationState.Snapshot or GenerationState.Failed or GenerationState.Cancelled => generation.Targets,
            _ => currentHeads,
        };
        var speeds = Moves(generation) ? rates.RatesOf(generation.Number) : null;
        var ages = goal is not null ? await AgesAsync(applied, goal, cancellation) : [];
        return
        [
            .. (totals ?? applied).Keys.Union(applied.Keys)
                .OrderBy(partition => partition.Log, StringComparer.Ordinal).ThenBy(partition => partition.Partition)
                .Select(Report),
        ];

        PartitionReport Report(LogPartition partition)
        {
            var done = applied.GetValueOrDefault(partition);
            var total = totals?.GetValueOrDefault(partition) ?? done;
            long? lag = goal is null ? null : Math.Max(0, goal.GetValueOrDefault(partition) - done);
            double? rate = speeds?.GetValueOrDefault(partition);
            double? age = lag == 0 ? 0 : lag is not null && ages.TryGetValue(partition, out var oldest) ? oldest.TotalSeconds : null;
            return new PartitionReport(
                partition.Log,
                partition.Partition,
                Math.Min(done, total),
                total,
                rate,
                RateSamples.Eta(lag, rate),
                lag,
                age,
                problems.GetValueOrDefault(partition));
        }
    }

    private static bool Moves(Generation generation) => generation.State == GenerationState.Live || generation.IsUnderWay;

    private static IReadOnlyDictionary<LogPartition, long>? GoalOf(Generation generation, Dictionary<LogPartition, long>? currentHeads) =>
        generation.Purpose == Purpose.Snapshot ? generation.Targets : currentHeads;

    // Problems of partitions are not in the registry, since they can pass without any change to the generation.
    private static string? ReasonOf(Generation generation, Dictionary<LogPartition, string?> problems)
    {
        var stopped = generation.IsUnderWay ? problems.Where(partition => partition.Value is not null).ToArray() : [];
        return stopped.Length == 0 || generation.Reason is not null
            ? generation.Reason
            : $"In {stopped.Length} of {problems.Count} partitions: "
                + stopped.MinBy(partition => (partition.Key.Log, partition.Key.Partition)).Value;
    }

    private async Task<Dictionary<LogPartition, TimeSpan>> AgesAsync(
        IReadOnlyDictionary<LogPartition, long> applied, IReadOnlyDictionary<LogPartition, long> goal, CancellationToken cancellation)
    {
        EventOffset[] behind =
        [
            .. goal.Where(head => applied.GetValueOrDefault(head.Key) < head.Value)
                .Select(head => new EventOffset(head.Key, applied.GetValueOrDefault(head.Key))),
        ];
        return behind.Length == 0 ? [] : await heads.AgesAsync(behind, cancellation);
    }
}
