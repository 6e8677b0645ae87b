using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// The settings of Kafka clients: <c>Kafka:BootstrapServers</c>, and under <c>Kafka:Client</c> other settings of the client library
/// (<c>security.protocol</c>, <c>sasl.username</c> …).
/// </summary>
internal sealed partial class KafkaSettings
{
    /// <summary>The setting of <see cref="BootstrapServers"/>.</summary>
    public static readonly Setting<string> Servers = Setting.Text(
        "Kafka:BootstrapServers",
        "",
        "brokers like kafka-1:9092,kafka-2:9092",
        "The brokers; required on Kafka.",
        text => text.Split(',', StringSplitOptions.TrimEntries).All(IsBroker),
        defaultText: "none");

    /// <summary>Other settings of the client library.</summary>
    public static readonly SettingFamily ClientSettings = new(
        "Kafka:Client", "name", "those of the library", "what the library takes",
        "Any other setting of the client library (librdkafka), such as `security.protocol`. Those names have dots, which shells do not "
        + "export: use the command line (`--Kafka:Client:security.protocol SASL_SSL`), `env`, or `appsettings.json`.");

    private const string ServersKey = "bootstrap.servers";
    private const string BackoffKey = "reconnect.backoff.max.ms";

    /// <summary>How much a reader fetches ahead, for all partitions together.</summary>
    private const int QueueKilobytes = 16_384;

    /// <summary>
    /// How long a partition is not fetched from after the queue was full. The default is a second, in which a rebuild could process ten
    /// times the queue.
    /// </summary>
    private const int QueueBackoffMilliseconds = 5;

    private static readonly string[] OwnKeys = [ServersKey, BackoffKey];

    private readonly Dictionary<string, string> client;

    /// <exception cref="InvalidSettingException">No servers are configured.</exception>
    public KafkaSettings(IConfiguration configuration)
    {
        BootstrapServers = Servers.IsSet(configuration)
            ? Servers.Of(configuration)
            : throw new InvalidSettingException(
                "Transport is Kafka, but Kafka__BootstrapServers is not set: name at least one broker (host:port).");
        client = ClientSettings.All(configuration);
        client[ServersKey] = BootstrapServers;
        // By default a client waits up to ten seconds between attempts to reconnect.
        client.TryAdd(BackoffKey, "1000");
    }

    public string BootstrapServers { get; }

    /// <summary>
    /// How long a reader with a slow consumer may wait before it pauses its partitions and polls. A group removes a member that does not
    /// poll.
    /// </summary>
    public TimeSpan PauseAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks the settings of the client library, which it only does when a client is created.</summary>
    /// <exception cref="InvalidSettingException">The library rejects a setting.</exception>
    public void RequireClient()
    {
        try
        {
            using var built = new AdminClientBuilder(Admin()).SetLogHandler((_, _) => { }).Build();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or KafkaException)
        {
            var names = string.Join(", ", client.Keys.Where(name => !OwnKeys.Contains(name)).Select(name => $"Kafka__Client__{name}"));
            throw new InvalidSettingException($"The Kafka client does not take the settings {names}: {exception.Message}");
        }
    }

    public AdminClientConfig Admin() => new(Client()) { SocketTimeoutMs = 10_000 };

    public ProducerConfig Producer() => new(Client())
    {
        EnableIdempotence = true,
        // Otherwise the client sends the records after a record that has failed permanently.
        EnableGaplessGuarantee = true,
        Acks = Acks.All,
        CompressionType = CompressionType.Lz4,
        // No timeout: a message that times out would leave a gap in the topic, which later messages would make permanent.
        MessageTimeoutMs = 0,
        LingerMs = 1,
        QueueBufferingMaxMessages = 100_000,
        EnableDeliveryReports = true,
        DeliveryReportFields = "status",
        TopicMetadataRefreshIntervalMs = 5_000,
    };

    /// <summary>For reading single records of a topic, without a consumer group.</summary>
    public ConsumerConfig Inspector() => new(Client())
    {
        GroupId = "monolith.looker",
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Error,
        FetchWaitMaxMs = 10,
        // One record of each partition is needed. By default, the client would fetch a megabyte and then prefetch.
        MaxPartitionFetchBytes = 64 << 10,
        QueuedMinMessages = 1,
        // By default, the client would wait a second after each batch that is larger than the queue.
        FetchQueueBackoffMs = QueueBackoffMilliseconds,
        // After the last record there may only be transaction markers, which are not returned.
        EnablePartitionEof = true,
    };

    public ConsumerConfig Reader(string group) => new(Client())
    {
        GroupId = group,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        // After an invalid position, reading starts at the beginning. Applied events are skipped by their log offsets.
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnablePartitionEof = true,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        SessionTimeoutMs = 6_000,
        HeartbeatIntervalMs = 1_500,
        FetchWaitMaxMs = 100,
        FetchMinBytes = 1,
        QueuedMinMessages = 50_000,
        QueuedMaxMessagesKbytes = QueueKilobytes,
        FetchQueueBackoffMs = QueueBackoffMilliseconds,
        TopicMetadataRefreshIntervalMs = 5_000,
        AllowAutoCreateTopics = false,
        // The timestamp of the record is not used.
        ConsumeResultFields = "headers,topic",
    };

    /// <summary>
    /// For reading all partitions without a consumer group: it does not join the group that it names, and commits nothing.
    /// </summary>
    public ConsumerConfig Follower(string name) => new(Client())
    {
        GroupId = name,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        FetchWaitMaxMs = 100,
        FetchMinBytes = 1,
        QueuedMaxMessagesKbytes = QueueKilobytes,
        FetchQueueBackoffMs = QueueBackoffMilliseconds,
        TopicMetadataRefreshIntervalMs = 5_000,
        AllowAutoCreateTopics = false,
    };

    /// <summary>For messages that are useless after a few seconds.</summary>
    public ProducerConfig ChannelProducer() => new(Client())
    {
        Acks = Acks.Leader,
        MessageTimeoutMs = 2_000,
        LingerMs = 0,
        TopicMetadataRefreshIntervalMs = 5_000,
        AllowAutoCreateTopics = false,
    };

    /// <summary>For receiving such messages from now on, without a consumer group.</summary>
    public ConsumerConfig ChannelConsumer(string name) => new(Client())
    {
        GroupId = name,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Latest,
        FetchMinBytes = 1,
        // Within this time, a deleted topic is detected.
        TopicMetadataRefreshIntervalMs = 5_000,
        TopicMetadataPropagationMaxMs = 5_000,
        AllowAutoCreateTopics = false,
    };

    private Dictionary<string, string> Client() => new(client);

    private static bool IsBroker(string text) => Broker().IsMatch(text);

    // In the format of the library: protocol and port are optional.
    [GeneratedRegex(@"^([A-Za-z_]+://)?(\[[0-9A-Fa-f:.]+\]|[^\s,:\[\]/]+)(:[0-9]{1,5})?$")]
    private static partial Regex Broker();
}
