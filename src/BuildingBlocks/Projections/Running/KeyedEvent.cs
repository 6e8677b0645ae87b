using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>An event of a batch with the key that it belongs to; without the decoded event where it cannot be folded, and then with the reason.</summary>
internal readonly record struct KeyedEvent<TKey>(PartitionCursor Cursor, LogRecord Record, Event? Event, TKey Key, string? Fault);
