using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>How fast the generations of a projection move, smoothed over some ten seconds. It looks at what all hosts have committed, so that every host tells the same.</summary>
internal sealed class RateMeter(TimeProvider clock)
{
    // Rows are not counted by partition.
    private static readonly LogPartition All = new("", 0);

    private readonly ConcurrentDictionary<int, GenerationSamples> samples = new();

    /// <summary>Takes a sample of every generation that moves.</summary>
    public async Task SampleAsync(IGenerationRegistry store, Registry registry, CancellationToken cancellation)
    {
        var moving = registry.Generations.Where(generation => generation.State == GenerationState.Live || generation.IsUnderWay).ToArray();
        foreach (var gone in samples.Keys.Except(moving.Select(generation => generation.Number)))
            samples.TryRemove(gone, out _);
        foreach (var generation in moving)
        {
            var known = samples.GetOrAdd(generation.Number, _ => new GenerationSamples(new RateSamples(clock), new RateSamples(clock)));
            known.Events.Add(await AppliedAsync(store, generation, cancellation));
            known.Rows.Add(new Dictionary<LogPartition, long> { [All] = FillOf(generation)?.Written ?? 0 });
        }
    }

    /// <summary>What a generation has passed, committed or folded in memory.</summary>
    public static async Task<IReadOnlyDictionary<LogPartition, long>> AppliedAsync(IGenerationRegistry store, Generation generation, CancellationToken cancellation) =>
        generation is { InMemory: true, Folded: { } folded }
            ? folded
            : (await store.CheckpointsAsync(generation.Number, cancellation)).ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);

    /// <summary>Events a second of each partition; null before there are two samples.</summary>
    public IReadOnlyDictionary<LogPartition, double>? RatesOf(int generation) => samples.GetValueOrDefault(generation)?.Events.Rates;

    /// <summary>The seconds until a generation has passed its lag, and until the rows that it holds in memory are written; null where that cannot be told.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="lag">The events that it has not passed.</param>
    public double? EtaOf(Generation generation, long? lag)
    {
        var known = samples.GetValueOrDefault(generation.Number);
        var left = FillOf(generation)?.Left ?? 0;
        var rows = known?.Rows.Rates?.Values.Sum() ?? 0;
        // Once nothing but rows is left, how fast they are written tells more than how fast the events were.
        return lag == 0 && left > 0 && rows > 0
            ? RateSamples.Eta(left, rows)
            : RateSamples.Eta(lag + left, known?.Events.Rates?.Values.Sum() + rows);
    }

    /// <summary>How far the writing of rows is; null where nothing is in memory.</summary>
    public static FillProgress? FillOf(Generation generation) => generation.InMemory ? generation.Fill : null;

    private sealed record GenerationSamples(RateSamples Events, RateSamples Rows);
}
