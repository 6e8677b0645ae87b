using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Asks the cluster about itself and its topics; one connection a host.</summary>
internal sealed class KafkaAdmin(KafkaSettings settings) : IDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(5);

    private AdminConnection connection = new(settings);
    private string? clusterId;

    /// <summary>Longer than any request may take by itself: what has not answered by then never will.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Asks the cluster something, and waits for the answer for so long only: a client has been seen that answers nothing any more. The next question then goes to another.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or does not answer.</exception>
    public async Task<T> AskAsync<T>(Func<IAdminClient, Task<T>> question)
    {
        while (true)
        {
            var asked = Volatile.Read(ref connection);
            if (asked.Ask(question) is not { } answer)
            {
                // Another has replaced it; where nobody has, the host is on its way out.
                if (asked == Volatile.Read(ref connection))
                    throw new KafkaException(ErrorCode.Local_Destroy);
                continue;
            }

            try
            {
                return await answer.WaitAsync(AnswerWithin);
            }
            catch (TimeoutException)
            {
                if (Interlocked.CompareExchange(ref connection, new AdminConnection(settings), asked) == asked)
                    asked.Close();
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"Kafka's client has not answered within {AnswerWithin.TotalSeconds:0} s"));
            }
        }
    }

    /// <summary>What a topic is, or null where there is none.</summary>
    public async Task<TopicDescription?> DescribeAsync(string topic)
    {
        try
        {
            var described = await AskAsync(cluster => cluster.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = WaitTimeout }));
            return described.TopicDescriptions[0];
        }
        catch (DescribeTopicsException exception) when (exception.Results.TopicDescriptions.All(result => result.Error.Code == ErrorCode.UnknownTopicOrPart))
        {
            return null;
        }
    }

    /// <summary>What some topics are, in one request; those that do not exist are left out.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or does not answer.</exception>
    public async Task<IReadOnlyList<TopicDescription>> DescribeAllAsync(IReadOnlyCollection<string> topics)
    {
        try
        {
            var described = await AskAsync(cluster => cluster.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics), new DescribeTopicsOptions { RequestTimeout = WaitTimeout }));
            return described.TopicDescriptions;
        }
        catch (DescribeTopicsException exception) when (exception.Results.TopicDescriptions.All(result => result.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.NoError))
        {
            return [.. exception.Results.TopicDescriptions.Where(result => !result.Error.IsError)];
        }
    }

    /// <summary>The settings of some topics, in one request; topics whose settings are refused are left out where those of others are not.</summary>
    /// <exception cref="KafkaException">The cluster refuses all of them, or does not answer.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, ConfigEntryResult>>> SettingsAsync(IReadOnlyCollection<string> topics)
    {
        var resources = topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }).ToList();
        if (resources.Count == 0)
            return new Dictionary<string, IReadOnlyDictionary<string, ConfigEntryResult>>();
        try
        {
            var described = await AskAsync(cluster => cluster.DescribeConfigsAsync(resources, new DescribeConfigsOptions { RequestTimeout = WaitTimeout }));
            return described.ToDictionary(result => result.ConfigResource.Name, result => (IReadOnlyDictionary<string, ConfigEntryResult>)result.Entries);
        }
        catch (DescribeConfigsException exception) when (exception.Results.Any(result => !result.Error.IsError))
        {
            return exception.Results.Where(result => !result.Error.IsError)
                .ToDictionary(result => result.ConfigResource.Name, result => (IReadOnlyDictionary<string, ConfigEntryResult>)result.Entries);
        }
    }

    /// <summary>The position of the first record of some partitions, or of the next one where they are empty, in one request to each leader.</summary>
    /// <returns>One entry a partition; with an error where no leader serves it.</returns>
    /// <exception cref="KafkaException">The cluster does not answer.</exception>
    public async Task<IReadOnlyList<TopicPartitionOffsetError>> BeginningsAsync(IReadOnlyCollection<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
            return [];
        var wanted = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Earliest() }).ToList();
        try
        {
            var listed = await AskAsync(cluster => cluster.ListOffsetsAsync(wanted, new ListOffsetsOptions { RequestTimeout = WaitTimeout }));
            return [.. listed.ResultInfos.Select(info => info.TopicPartitionOffsetError)];
        }
        catch (ListOffsetsException exception) when (exception.Result is { ResultInfos.Count: > 0 } listed)
        {
            return [.. listed.ResultInfos.Select(info => info.TopicPartitionOffsetError)];
        }
    }

    /// <summary>Makes a topic; one that is there already stays as it is.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or does not answer.</exception>
    public async Task CreateAsync(TopicSpecification topic, CancellationToken cancellation)
    {
        try
        {
            await AskAsync(async cluster =>
            {
                await cluster.CreateTopicsAsync([topic]);
                return topic;
            }).WaitAsync(cancellation);
        }
        catch (CreateTopicsException exception) when (exception.Results.All(result => result.Error.Code is ErrorCode.TopicAlreadyExists or ErrorCode.NoError))
        {
            // Another host was faster.
        }
    }

    /// <summary>Which incarnation of a topic this is: a position is worth nothing in another.</summary>
    /// <exception cref="KafkaException">The cluster cannot be reached, or has no such topic.</exception>
    public async Task<string> SourceOfAsync(string topic) => await SourceOfAsync(await DescribeAsync(topic) ?? throw new KafkaException(ErrorCode.UnknownTopicOrPart));

    /// <summary>Which incarnation of a topic a description is of.</summary>
    /// <exception cref="KafkaException">The cluster cannot be reached.</exception>
    public async Task<string> SourceOfAsync(TopicDescription description)
    {
        // Where no broker leads, the answer about the cluster may be that there is none, which the client library does not survive.
        if (!description.Partitions.Any(partition => partition.Leader is { Host.Length: > 0 }))
            throw new KafkaException(ErrorCode.LeaderNotAvailable);
        clusterId ??= (await AskAsync(cluster => cluster.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = WaitTimeout }))).ClusterId;
        return $"{clusterId}/{description.TopicId}";
    }

    /// <summary>Deletes a consumer group; one that is not there is gone already.</summary>
    /// <exception cref="KafkaException">It still has members, or the cluster cannot be reached.</exception>
    public async Task DeleteGroupAsync(string group, CancellationToken cancellation)
    {
        // A client of its own: one whose deletion was refused has been seen to answer nothing any more.
        using var own = AdminConnection.Build(settings);
        try
        {
            await own.DeleteGroupsAsync([group], new DeleteGroupsOptions { RequestTimeout = WaitTimeout }).WaitAsync(cancellation);
        }
        catch (DeleteGroupsException exception) when (exception.Results.All(result => result.Error.Code is ErrorCode.GroupIdNotFound or ErrorCode.NoError))
        {
            // Nobody ever read as it.
        }
    }

    public void Dispose() => Volatile.Read(ref connection).Close();
}
