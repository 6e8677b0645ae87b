using Monolith.BuildingBlocks.EventLog.Events;

namespace Monolith.BuildingBlocks.EventLog.Relaying;

/// <summary>The topic that a log is copied to.</summary>
public interface IRelayTarget
{
    /// <summary>Makes the topic where it is missing and checks it where it is not.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partitions">How many partitions it must have.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The topic's id; a topic that was deleted and made again has another.</returns>
    /// <exception cref="WrongTopicException">The topic is not as it must be.</exception>
    Task<string> EnsureTopicAsync(string topic, int partitions, CancellationToken cancellation);

    /// <summary>What stands at the ends of some partitions of a topic.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One entry a partition that holds records.</returns>
    Task<IReadOnlyDictionary<int, TopicEnds>> EndsAsync(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation);

    /// <summary>Opens a producer of its own for the topic.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="acknowledged">Called for each record that is safe, in order per partition.</param>
    /// <param name="failed">Called when a record was not taken; nothing after it may be produced through this producer.</param>
    IRelayProducer Open(string topic, Action<LogRecord> acknowledged, Action<string> failed);
}

/// <summary>Sends records to a topic in the order given, per partition. Disposing it drops what was not sent yet.</summary>
public interface IRelayProducer : IDisposable
{
    /// <summary>Queues a record; returns at once.</summary>
    /// <param name="record">The record.</param>
    void Produce(LogRecord record);
}

/// <summary>The first and the last record of a topic partition.</summary>
/// <param name="First">The first record.</param>
/// <param name="Last">The last record.</param>
public sealed record TopicEnds(TopicRecord First, TopicRecord Last);

/// <summary>What a record of a topic says of its place in the log.</summary>
/// <param name="Sequence">Its log offset (<c>ce_sequence</c>); null when it has none, so that no relay of ours wrote it.</param>
/// <param name="EventId">Its event id (<c>ce_id</c>); null when it has none.</param>
public sealed record TopicRecord(long? Sequence, Guid? EventId);
