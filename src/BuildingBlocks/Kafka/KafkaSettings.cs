using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Kafka;

/// <summary>
/// How to reach Kafka: <c>Kafka:BootstrapServers</c>, and under <c>Kafka:Client</c> whatever else the client library takes (<c>security.protocol</c>, <c>sasl.username</c> …).
/// </summary>
internal sealed class KafkaSettings
{
    private readonly Dictionary<string, string> client;

    /// <exception cref="InvalidSettingException">No servers are configured.</exception>
    public KafkaSettings(IConfiguration configuration)
    {
        BootstrapServers = configuration["Kafka:BootstrapServers"] is { Length: > 0 } servers
            ? servers
            : throw new InvalidSettingException("Transport is Kafka, but Kafka__BootstrapServers is not set: name at least one broker (host:port).");
        client = configuration.GetSection("Kafka:Client").GetChildren().ToDictionary(setting => setting.Key, setting => setting.Value ?? "");
        client["bootstrap.servers"] = BootstrapServers;
        // By default a client tries a broker that was away anew only every ten seconds: all that waits for it would wait as long.
        client.TryAdd("reconnect.backoff.max.ms", "1000");
    }

    public string BootstrapServers { get; }

    /// <summary>How long a reader that cannot hand over what it has read may leave its group without a poll: the group takes a member that does not poll for dead.</summary>
    public TimeSpan PauseAfter { get; init; } = TimeSpan.FromSeconds(10);

    public AdminClientConfig Admin() => new(Client()) { SocketTimeoutMs = 10_000 };

    public ProducerConfig Producer() => new(Client())
    {
        EnableIdempotence = true,
        // Without it a record that fails for good is passed by those behind it, which are in the client already.
        EnableGaplessGuarantee = true,
        Acks = Acks.All,
        CompressionType = CompressionType.Lz4,
        // A message that times out leaves a hole in the topic, which a later one makes permanent: wait for ever instead.
        MessageTimeoutMs = 0,
        LingerMs = 1,
        QueueBufferingMaxMessages = 100_000,
        EnableDeliveryReports = true,
        DeliveryReportFields = "status",
        TopicMetadataRefreshIntervalMs = 5_000,
    };

    /// <summary>For one look at a topic, outside any group.</summary>
    public ConsumerConfig Looker() => new(Client())
    {
        GroupId = "monolith.looker",
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Error,
        FetchWaitMaxMs = 10,
        // It looks at one record of each partition: by default it would fetch a megabyte for it, and then the next.
        MaxPartitionFetchBytes = 64 << 10,
        QueuedMinMessages = 1,
        // By default it would ask for the next partition's a second after each batch that is larger than that.
        FetchQueueBackoffMs = 5,
        // Behind the last record there may be nothing but marks of transactions, which nobody is given.
        EnablePartitionEof = true,
    };

    public ConsumerConfig Reader(string group) => new(Client())
    {
        GroupId = group,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        // Whatever is wrong with a position: from the start. What was applied is skipped by its log offset.
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnablePartitionEof = true,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        SessionTimeoutMs = 6_000,
        HeartbeatIntervalMs = 1_500,
        FetchWaitMaxMs = 100,
        FetchMinBytes = 1,
        QueuedMinMessages = 50_000,
        QueuedMaxMessagesKbytes = 16_384,
        TopicMetadataRefreshIntervalMs = 5_000,
        AllowAutoCreateTopics = false,
        // Kafka's own time of a record is not ours.
        ConsumeResultFields = "headers,topic",
    };

    /// <summary>For whoever reads everything for itself: it never joins the group that it names, and commits nothing.</summary>
    public ConsumerConfig Follower(string name) => new(Client())
    {
        GroupId = name,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        FetchWaitMaxMs = 100,
        FetchMinBytes = 1,
        QueuedMaxMessagesKbytes = 16_384,
        TopicMetadataRefreshIntervalMs = 5_000,
        AllowAutoCreateTopics = false,
    };

    private Dictionary<string, string> Client() => new(client);
}
