using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>
/// The rates of a projection's generations, smoothed over about ten seconds. Computed from what all hosts have committed, so that every
/// host reports the same.
/// </summary>
internal sealed class RateMeter(TimeProvider clock)
{
    // Rows are not counted by partition.
    private static readonly LogPartition AllPartitions = new("", 0);

    private readonly ConcurrentDictionary<int, GenerationSamples> samples = new();

    /// <summary>Samples the generations that are live or under way.</summary>
    public async Task SampleAsync(IGenerationRegistry store, Registry registry, CancellationToken cancellation)
    {
        var moving = registry.Generations.Where(generation => generation.State == GenerationState.Live || generation.IsUnderWay).ToArray();
        foreach (var ended in samples.Keys.Except(moving.Select(generation => generation.Number)))
            samples.TryRemove(ended, out _);
        foreach (var generation in moving)
        {
            var known = samples.GetOrAdd(generation.Number, _ => new GenerationSamples(new RateSamples(clock), new RateSamples(clock)));
            known.Events.Add(await AppliedAsync(store, generation, cancellation));
            known.Rows.Add(new Dictionary<LogPartition, long> { [AllPartitions] = FillOf(generation)?.Written ?? 0 });
        }
    }

    /// <summary>The next offset of each partition of a generation, committed or folded in memory.</summary>
    public static async Task<IReadOnlyDictionary<LogPartition, long>> AppliedAsync(
        IGenerationRegistry store, Generation generation, CancellationToken cancellation) =>
        generation is { InMemory: true, Folded: { } folded }
            ? folded
            : (await store.CheckpointsAsync(generation.Number, cancellation))
                .ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);

    /// <summary>Events a second of each partition; null before there are two samples.</summary>
    public IReadOnlyDictionary<LogPartition, double>? RatesOf(int generation) => samples.GetValueOrDefault(generation)?.Events.Rates;

    /// <summary>
    /// The seconds until a generation has applied its lag and written the rows that it holds in memory; null while unknown.
    /// </summary>
    public double? EtaOf(Generation generation, long? lag)
    {
        var known = samples.GetValueOrDefault(generation.Number);
        var left = FillOf(generation)?.Left ?? 0;
        var rows = known?.Rows.Rates?.Values.Sum() ?? 0;
        // When only rows are left, the rate of rows counts. Until then a row takes about as long to write as an event to fold.
        return lag == 0 && left > 0 && rows > 0
            ? RateSamples.Eta(left, rows)
            : RateSamples.Eta(lag + left, known?.Events.Rates?.Values.Sum() + rows);
    }

    /// <summary>The progress of writing rows; null if they are not in memory.</summary>
    public static FillProgress? FillOf(Generation generation) => generation.InMemory ? generation.Fill : null;

    private sealed record GenerationSamples(RateSamples Events, RateSamples Rows);
}
