namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>A column as tables and views know it.</summary>
internal sealed record ColumnShape(string Name, string SqlType);
