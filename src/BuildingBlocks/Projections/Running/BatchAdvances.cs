using Monolith.BuildingBlocks.Events.Reading;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>How far a batch brings each partition.</summary>
internal static class BatchAdvances
{
    public static Dictionary<PartitionCursor, CheckpointAdvance> Of(EventBatch batch)
    {
        var advances = new Dictionary<PartitionCursor, CheckpointAdvance>();
        foreach (var (cursor, record) in batch.Entries)
        {
            if (!cursor.IsBeyondStop(record.Offset))
                advances[cursor] = cursor.AdvanceTo(record.Offset + 1, record.EventId, record.Position);
        }

        return advances;
    }
}
