using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Monolith.Testing;

namespace Monolith.System.Tests.Hosting;

/// <summary>The topics of a broker, by Kafka's own client.</summary>
internal sealed class Topics(string bootstrapServers)
{
    private static readonly string[] Names = ["customers.events", "orders.events"];
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Deletes the topics of all modules, and waits until they are gone.</summary>
    public async Task DeleteAllAsync()
    {
        using var admin = Admin();
        var there = Existing(admin);
        if (there.Count == 0)
            return;
        await admin.DeleteTopicsAsync(there);
        await Eventually.HoldsAsync(Timeout, "the topics are gone", () => Existing(admin).Count == 0);
    }

    /// <summary>Deletes the topics of all modules without waiting. The relay creates them again.</summary>
    public async Task DeleteAsync()
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync(Names);
    }

    /// <summary>Sets a setting of a topic; null restores the broker's default.</summary>
    public async Task SetAsync(string topic, string name, string? value)
    {
        using var admin = Admin();
        await admin.IncrementalAlterConfigsAsync(new()
        {
            [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
                [
                    new ConfigEntry
                    {
                        Name = name,
                        Value = value,
                        IncrementalOperation = value is null ? AlterConfigOpType.Delete : AlterConfigOpType.Set,
                    }
                ],
        });
    }

    /// <summary>Deletes all records that a topic holds now, as kafka-delete-records.sh does.</summary>
    public async Task DeleteRecordsAsync(string topic)
    {
        using var admin = Admin();
        var partitions = admin.GetMetadata(topic, Timeout).Topics[0].Partitions.Select(
            partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.End));
        await admin.DeleteRecordsAsync(partitions);
    }

    /// <summary>Deletes one topic. The relay creates it again.</summary>
    public async Task DeleteAsync(string topic)
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync([topic]);
    }

    /// <summary>The id of a topic; null where there is none.</summary>
    public async Task<string?> IdOfAsync(string topic)
    {
        using var admin = Admin();
        try
        {
            return (await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]))).TopicDescriptions[0].TopicId.ToString();
        }
        catch (DescribeTopicsException exception) when (
            exception.Results.TopicDescriptions.All(result => result.Error.Code == ErrorCode.UnknownTopicOrPart))
        {
            return null;
        }
    }

    /// <summary>The members of a consumer group with the number of partitions of each.</summary>
    public async Task<IReadOnlyList<int>> MembersAsync(string group)
    {
        using var admin = Admin();
        var described = await admin.DescribeConsumerGroupsAsync([group]);
        return [.. described.ConsumerGroupDescriptions[0].Members.Select(member => member.Assignment.TopicPartitions.Count)];
    }

    /// <summary>The consumer groups.</summary>
    public async Task<IReadOnlyList<string>> GroupsAsync()
    {
        using var admin = Admin();
        return [.. (await admin.ListConsumerGroupsAsync()).Valid.Select(group => group.GroupId)];
    }

    /// <summary>The end offset of a topic's first partition; 0 if the topic does not exist.</summary>
    public long EndOffsetOf(string topic)
    {
        using var consumer =
            new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "stranger" }).Build();
        try
        {
            return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Timeout).High.Value;
        }
        catch (KafkaException exception) when (exception.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownPartition)
        {
            return 0;
        }
    }

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers })
        .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    private static List<string> Existing(IAdminClient admin) =>
        [.. admin.GetMetadata(Timeout).Topics.Select(topic => topic.Topic).Where(Names.Contains)];
}
