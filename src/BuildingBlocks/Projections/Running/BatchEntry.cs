using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>A record and the partition that it belongs to.</summary>
internal readonly record struct BatchEntry(PartitionCursor Cursor, LogRecord Record);
