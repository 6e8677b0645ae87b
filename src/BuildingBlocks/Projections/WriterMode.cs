namespace Monolith.BuildingBlocks.Projections;

/// <summary>Who may write the rows of a generation at the same time.</summary>
public enum WriterMode
{
    /// <summary>One batch at a time: rows of different partitions may share a key.</summary>
    OneBatchAtATime,

    /// <summary>One log, keyed by the stream id: no two partitions share a row, so they are applied side by side.</summary>
    SideBySide,
}
