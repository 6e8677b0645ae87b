namespace Monolith.BuildingBlocks.Events.Relaying;

/// <summary>What a record of a topic says of its place in the log.</summary>
/// <param name="Sequence">Its log offset (<c>ce_sequence</c>); null when it has none, so that no relay of ours wrote it.</param>
/// <param name="EventId">Its event id (<c>ce_id</c>); null when it has none.</param>
public sealed record TopicRecord(long? Sequence, Guid? EventId)
{
    /// <summary>Its own position in the topic.</summary>
    public long Position { get; init; }
}
