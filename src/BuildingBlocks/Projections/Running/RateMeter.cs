using System.Collections.Concurrent;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>How fast the generations of a projection move, smoothed over some ten seconds. It looks at what all hosts have committed, so that every host tells the same.</summary>
internal sealed class RateMeter(TimeProvider clock)
{
    private readonly ConcurrentDictionary<int, RateSamples> samples = new();

    /// <summary>Takes a sample of every generation that moves.</summary>
    public async Task SampleAsync(IGenerationRegistry store, Registry registry, CancellationToken cancellation)
    {
        var moving = registry.Generations.Where(generation => generation.State == GenerationState.Live || generation.IsUnderWay).ToArray();
        foreach (var gone in samples.Keys.Except(moving.Select(generation => generation.Number)))
            samples.TryRemove(gone, out _);
        foreach (var generation in moving)
            samples.GetOrAdd(generation.Number, _ => new RateSamples(clock)).Add(await AppliedAsync(store, generation, cancellation));
    }

    /// <summary>What a generation has passed, committed or folded in memory.</summary>
    public static async Task<IReadOnlyDictionary<LogPartition, long>> AppliedAsync(IGenerationRegistry store, Generation generation, CancellationToken cancellation) =>
        generation is { InMemory: true, Folded: { } folded }
            ? folded
            : (await store.CheckpointsAsync(generation.Number, cancellation)).ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);

    /// <summary>Events a second of each partition; null before there are two samples.</summary>
    public IReadOnlyDictionary<LogPartition, double>? RatesOf(int generation) => samples.GetValueOrDefault(generation)?.Rates;
}
