using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Requests to the cluster about itself and its topics. One connection per host.</summary>
internal sealed class KafkaAdmin(KafkaSettings settings) : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private AdminConnection connection = new(settings);
    private string? clusterId;

    /// <summary>Longer than any request takes. A request that takes longer never completes.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Sends a request and waits for the response, with a timeout: clients have been observed that do not respond to any request any more.
    /// Later requests then use a new client.
    /// </summary>
    /// <exception cref="KafkaException">The cluster refuses the request, or does not respond.</exception>
    public async Task<T> RequestAsync<T>(Func<IAdminClient, Task<T>> request)
    {
        while (true)
        {
            var current = Volatile.Read(ref connection);
            if (current.TrySend(request) is not { } response)
            {
                // The connection was replaced meanwhile. If it was not, the host is stopping.
                if (current == Volatile.Read(ref connection))
                    throw new KafkaException(ErrorCode.Local_Destroy);
                continue;
            }

            try
            {
                return await response.WaitAsync(ResponseTimeout);
            }
            catch (TimeoutException)
            {
                if (Interlocked.CompareExchange(ref connection, new AdminConnection(settings), current) == current)
                    current.Close();
                var message = $"Kafka's client has not answered within {ResponseTimeout.TotalSeconds:0} s";
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut, message));
            }
        }
    }

    /// <summary>Describes a topic; null if it does not exist.</summary>
    public async Task<TopicDescription?> DescribeAsync(string topic)
    {
        try
        {
            var described = await RequestAsync(cluster => cluster.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = RequestTimeout }));
            return described.TopicDescriptions[0];
        }
        catch (DescribeTopicsException exception)
            when (exception.Results.TopicDescriptions.All(result => result.Error.Code == ErrorCode.UnknownTopicOrPart))
        {
            return null;
        }
    }

    /// <summary>Describes topics in one request. Topics that do not exist are omitted.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or does not respond.</exception>
    public async Task<IReadOnlyList<TopicDescription>> DescribeAllAsync(IReadOnlyCollection<string> topics)
    {
        try
        {
            var described = await RequestAsync(cluster => cluster.DescribeTopicsAsync(
                TopicCollection.OfTopicNames(topics), new DescribeTopicsOptions { RequestTimeout = RequestTimeout }));
            return described.TopicDescriptions;
        }
        catch (DescribeTopicsException exception)
            when (exception.Results.TopicDescriptions.All(result => result.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.NoError))
        {
            return [.. exception.Results.TopicDescriptions.Where(result => !result.Error.IsError)];
        }
    }

    /// <summary>
    /// Reads the settings of topics in one request. Topics whose settings are refused are omitted, unless all are refused.
    /// </summary>
    /// <exception cref="KafkaException">The cluster refuses all of them, or does not respond.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, ConfigEntryResult>>> SettingsAsync(
        IReadOnlyCollection<string> topics)
    {
        var resources = topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }).ToList();
        if (resources.Count == 0)
            return new Dictionary<string, IReadOnlyDictionary<string, ConfigEntryResult>>();
        try
        {
            var described = await RequestAsync(cluster => cluster.DescribeConfigsAsync(
                resources, new DescribeConfigsOptions { RequestTimeout = RequestTimeout }));
            return described.ToDictionary(
                result => result.ConfigResource.Name, result => (IReadOnlyDictionary<string, ConfigEntryResult>)result.Entries);
        }
        catch (DescribeConfigsException exception) when (exception.Results.Any(result => !result.Error.IsError))
        {
            return exception.Results.Where(result => !result.Error.IsError)
                .ToDictionary(
                    result => result.ConfigResource.Name, result => (IReadOnlyDictionary<string, ConfigEntryResult>)result.Entries);
        }
    }

    /// <summary>
    /// Reads the position of the first record of partitions, or of the next one if they are empty, in one request to each leader.
    /// </summary>
    /// <returns>One entry for each partition; with an error if no leader serves it.</returns>
    /// <exception cref="KafkaException">The cluster does not respond.</exception>
    public async Task<IReadOnlyList<TopicPartitionOffsetError>> BeginningsAsync(IReadOnlyCollection<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
            return [];
        var wanted = partitions
            .Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Earliest() })
            .ToList();
        try
        {
            var listed = await RequestAsync(cluster => cluster.ListOffsetsAsync(
                wanted, new ListOffsetsOptions { RequestTimeout = RequestTimeout }));
            return [.. listed.ResultInfos.Select(info => info.TopicPartitionOffsetError)];
        }
        catch (ListOffsetsException exception) when (exception.Result is { ResultInfos.Count: > 0 } listed)
        {
            return [.. listed.ResultInfos.Select(info => info.TopicPartitionOffsetError)];
        }
    }

    /// <summary>Creates a topic. An existing topic is not changed.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or does not respond.</exception>
    public async Task CreateAsync(TopicSpecification topic, CancellationToken cancellation)
    {
        try
        {
            await RequestAsync(async cluster =>
            {
                await cluster.CreateTopicsAsync([topic]);
                return topic;
            }).WaitAsync(cancellation);
        }
        catch (CreateTopicsException exception)
            when (exception.Results.All(result => result.Error.Code is ErrorCode.TopicAlreadyExists or ErrorCode.NoError))
        {
            // Another host has created it.
        }
    }

    /// <summary>Returns the incarnation of a topic. Positions in one incarnation are meaningless in another.</summary>
    /// <exception cref="KafkaException">The cluster cannot be reached, or has no such topic.</exception>
    public async Task<string> SourceOfAsync(string topic) =>
        await SourceOfAsync(await DescribeAsync(topic) ?? throw new KafkaException(ErrorCode.UnknownTopicOrPart));

    /// <summary>Returns the incarnation of a described topic.</summary>
    /// <exception cref="KafkaException">The cluster cannot be reached.</exception>
    public async Task<string> SourceOfAsync(TopicDescription description)
    {
        // Without a leader, the description of the cluster may have no brokers, which crashes the client library.
        if (!description.Partitions.Any(partition => partition.Leader is { Host.Length: > 0 }))
            throw new KafkaException(ErrorCode.LeaderNotAvailable);
        clusterId ??= (await RequestAsync(cluster => cluster.DescribeClusterAsync(
            new DescribeClusterOptions { RequestTimeout = RequestTimeout }))).ClusterId;
        return $"{clusterId}/{description.TopicId}";
    }

    /// <summary>Deletes a consumer group, if it exists.</summary>
    /// <exception cref="KafkaException">The group has members, or the cluster does not respond.</exception>
    public async Task DeleteGroupAsync(string group, CancellationToken cancellation)
    {
        // A separate client: clients whose deletion was refused have been observed not to respond any more.
        using var client = AdminConnection.Build(settings);
        try
        {
            await client.DeleteGroupsAsync([group], new DeleteGroupsOptions { RequestTimeout = RequestTimeout }).WaitAsync(cancellation);
        }
        catch (DeleteGroupsException exception)
            when (exception.Results.All(result => result.Error.Code is ErrorCode.GroupIdNotFound or ErrorCode.NoError))
        {
            // The group does not exist.
        }
    }

    public void Dispose() => Volatile.Read(ref connection).Close();
}
