using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>How far a page brings each partition.</summary>
internal static class PageAdvances
{
    public static Dictionary<PartitionCursor, CheckpointAdvance> Of(Page page)
    {
        var advances = new Dictionary<PartitionCursor, CheckpointAdvance>();
        foreach (var (cursor, record) in page.Entries)
        {
            if (!cursor.IsBeyondStop(record.Offset))
                advances[cursor] = cursor.AdvanceTo(record.Offset + 1, record.EventId, record.Position);
        }

        return advances;
    }
}
