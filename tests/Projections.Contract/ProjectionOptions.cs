using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>What a test wants otherwise than a host has it.</summary>
public sealed record ProjectionOptions
{
    /// <summary>Memory is full after every batch.</summary>
    public static RebuildLimits InRounds { get; } = new(1, long.MaxValue);

    public RebuildLimits Limits { get; init; } = RebuildLimits.Default;

    public TimeSpan KeepRetiredFor { get; init; } = TimeSpan.FromDays(7);

    public int Version { get; init; } = 1;

    /// <summary>The counters of the shop, keyed by stream, unless said.</summary>
    public ProjectionDefinition? Definition { get; init; }

    /// <summary>Whether the modules of the logs run in this host, so that it can look at them.</summary>
    public bool HasLogs { get; init; } = true;

    /// <summary>Other options of the engine.</summary>
    public Func<ProjectionEngineOptions, ProjectionEngineOptions> Engine { get; init; } = options => options;

    /// <summary>Straight from the logs, unless said.</summary>
    public IEventTransport? Transport { get; init; }
}
