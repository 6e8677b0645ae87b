namespace Monolith.BuildingBlocks.Events.Relaying;

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

    /// <summary>Whether the topic is still the one that a session began with. It never waits for a broker to become ready.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="topicId">The id that <see cref="EnsureTopicAsync"/> returned.</param>
    /// <param name="partitions">How many partitions it must have.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False where the topic has another id, or does not exist.</returns>
    /// <exception cref="WrongTopicException">The topic has another number of partitions.</exception>
    Task<bool> IsStillAsync(string topic, string topicId, int partitions, CancellationToken cancellation);

    /// <summary>What stands at the ends of some partitions of a topic.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One entry a partition that holds records.</returns>
    Task<IReadOnlyDictionary<int, TopicRange>> EndsAsync(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation);

    /// <summary>The last record of some partitions of a topic.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One entry a partition that holds records.</returns>
    Task<IReadOnlyDictionary<int, TopicRecord>> LastAsync(string topic, IReadOnlyCollection<int> partitions, CancellationToken cancellation);

    /// <summary>Opens a producer of its own for the topic.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="acknowledged">Called for each record that is safe, in order per partition.</param>
    /// <param name="failed">Called when a record was not taken; nothing after it may be produced through this producer.</param>
    IRelayProducer Open(string topic, Action<LogRecord> acknowledged, Action<string> failed);
}
