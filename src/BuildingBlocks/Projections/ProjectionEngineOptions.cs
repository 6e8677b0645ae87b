using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;

namespace Monolith.BuildingBlocks.Projections;

/// <summary>Options of a <see cref="ProjectionEngine{TKey, TRow}"/>.</summary>
public sealed record ProjectionEngineOptions
{
    /// <summary>The module that reports name as the owner.</summary>
    public string Module { get; init; } = "";

    /// <summary>The logs that this process can read, so that a verification can compare them.</summary>
    public IReadOnlyList<IEventLog> Logs { get; init; } = [];

    /// <summary>How long a retired generation is kept for a rollback.</summary>
    public TimeSpan KeepRetiredFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How much a rebuild folds in memory before it writes.</summary>
    public RebuildLimits RebuildLimits { get; init; } = RebuildLimits.Default;

    /// <summary>Whether the store is a separate server: health then reports its failure as degraded.</summary>
    public bool StoreIsRemote { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the engine logs.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The lag of the live projections of the process, which throttles rebuilds; a separate tracker by default.</summary>
    internal LagTracker? Lag { get; init; }
}
