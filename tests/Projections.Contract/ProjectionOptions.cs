using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Options in which a test differs from a host.</summary>
public sealed record ProjectionOptions
{
    /// <summary>Limits that make memory full after every batch.</summary>
    public static RebuildLimits InRounds { get; } = new(1, long.MaxValue);

    public RebuildLimits Limits { get; init; } = RebuildLimits.Default;

    public TimeSpan KeepRetiredFor { get; init; } = TimeSpan.FromDays(7);

    public int Version { get; init; } = 1;

    /// <summary>The definition; the counters of the shop, keyed by stream, by default.</summary>
    public ProjectionDefinition? Definition { get; init; }

    /// <summary>Whether the modules of the logs run in this host, so that it can check the logs.</summary>
    public bool HasLogs { get; init; } = true;

    /// <summary>Other options of the engine.</summary>
    public Func<ProjectionEngineOptions, ProjectionEngineOptions> Engine { get; init; } = options => options;

    /// <summary>The transport; in-process by default.</summary>
    public IEventTransport? Transport { get; init; }
}
