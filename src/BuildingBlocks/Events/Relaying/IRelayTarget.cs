namespace Monolith.BuildingBlocks.Events.Relaying;

/// <summary>The broker whose topics hold copies of logs.</summary>
public interface IRelayTarget
{
    /// <summary>Creates a topic, or checks the existing one.</summary>
    /// <param name="topic">The name of the topic.</param>
    /// <param name="partitions">The number of partitions that it must have.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The id of the topic. A topic that was deleted and recreated has a different id.</returns>
    /// <exception cref="WrongTopicException">The topic has the wrong partitions or settings.</exception>
    Task<string> EnsureTopicAsync(string topic, int partitions, CancellationToken cancellation);

    /// <summary>
    /// Whether a topic is still the one that a session started with. The method does not wait for a broker to become ready.
    /// </summary>
    /// <param name="topic">The name of the topic.</param>
    /// <param name="topicId">The id that <see cref="EnsureTopicAsync"/> returned.</param>
    /// <param name="partitions">The number of partitions that it must have.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>False if the topic has another id or does not exist.</returns>
    /// <exception cref="WrongTopicException">The topic has another number of partitions.</exception>
    Task<bool> IsSameTopicAsync(string topic, string topicId, int partitions, CancellationToken cancellation);

    /// <summary>Reads the first and the last record of partitions of a topic.</summary>
    /// <param name="topic">The name of the topic.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>One entry for each partition that has records.</returns>
    Task<IReadOnlyDictionary<int, TopicRange>> RangesAsync(
        string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation);

    /// <summary>Reads the last record of partitions of a topic.</summary>
    /// <param name="topic">The name of the topic.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>One entry for each partition that has records.</returns>
    Task<IReadOnlyDictionary<int, TopicRecord>> LastRecordsAsync(
        string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation);

    /// <summary>Opens a producer for a topic.</summary>
    /// <param name="topic">The name of the topic.</param>
    /// <param name="acknowledged">Called when a record is stored in the topic, in order per partition.</param>
    /// <param name="failed">Called when a record was rejected. No record after it may be sent by this producer.</param>
    IRelayProducer OpenProducer(string topic, Action<LogRecord> acknowledged, Action<string> failed);
}

/// <summary>Sends records to a topic in the given order, per partition. Disposing the producer drops what has not been sent yet.</summary>
public interface IRelayProducer : IDisposable
{
    /// <summary>Queues a record and returns at once.</summary>
    /// <param name="record">The record.</param>
    void Produce(LogRecord record);
}

/// <summary>The first and the last record of a topic partition.</summary>
/// <param name="First">The first record.</param>
/// <param name="Last">The last record.</param>
public sealed record TopicRange(TopicRecord First, TopicRecord Last);

/// <summary>A record of a topic, identified by its headers.</summary>
/// <param name="Sequence">
/// Its log offset (<c>ce_sequence</c>); null if the header is missing, so that the relay did not write the record.
/// </param>
/// <param name="EventId">Its event id (<c>ce_id</c>); null if the header is missing.</param>
public sealed record TopicRecord(long? Sequence, Guid? EventId)
{
    /// <summary>Its position in the topic.</summary>
    public long Position { get; init; }
}

/// <summary>A topic does not have the partitions or settings that its log needs.</summary>
/// <param name="message">What differs and how to repair it.</param>
public sealed class WrongTopicException(string message) : Exception(message);
