using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>The services that all generations of one projection share in this process.</summary>
internal sealed record ProjectionContext<TKey, TRow>(
    ProjectionDefinition Definition,
    KeyedProjection<TKey, TRow> Fold,
    IProjectionStore<TKey, TRow> Store,
    IEventTransport Transport,
    LogHeads Heads,
    ProjectionStatus Status,
    LagTracker LagTracker,
    RebuildLimits Limits,
    TimeProvider Clock,
    ILogger Logger)
    where TKey : struct, IEquatable<TKey>
    where TRow : class;
