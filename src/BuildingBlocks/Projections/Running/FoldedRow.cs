using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>A row as far as it is folded; null where it is gone, or never was.</summary>
internal readonly record struct FoldedRow<TRow>(TRow? Row, RowPlace Place)
    where TRow : class;
