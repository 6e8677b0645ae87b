using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// How to reach Kafka: <c>Kafka:BootstrapServers</c>, and under <c>Kafka:Client</c> whatever else the client library takes (<c>security.protocol</c>, <c>sasl.username</c> …).
/// </summary>
internal sealed partial class KafkaSettings
{
    /// <summary>The setting of <see cref="BootstrapServers"/>.</summary>
    public static readonly Setting<string> Servers = Setting.Text(
        "Kafka:BootstrapServers", "", "brokers like kafka-1:9092,kafka-2:9092", "The brokers; required on Kafka.", text => text.Split(',', StringSplitOptions.TrimEntries).All(IsBroker), defaultText: "none");

    /// <summary>Whatever else the client library takes.</summary>
    public static readonly SettingFamily ClientSettings = new(
        "Kafka:Client", "name", "those of the library", "what the library takes",
        "Any other setting of the client library (librdkafka), such as `security.protocol`. Those names have dots, which shells do not export: use the command line "
        + "(`--Kafka:Client:security.protocol SASL_SSL`), `env`, or `appsettings.json`.");

    private const string ServersKey = "bootstrap.servers";
    private const string BackoffKey = "reconnect.backoff.max.ms";

    /// <summary>How much a reader reads ahead, of all partitions together.</summary>
    private const int QueueKilobytes = 16_384;

    /// <summary>How long a partition is not asked for more once so much is read ahead. By default it is a second, in which a build takes ten times as much, and then waits.</summary>
    private const int QueueBackoffMilliseconds = 5;

    private static readonly string[] OwnKeys = [ServersKey, BackoffKey];

    private readonly Dictionary<string, string> client;

    /// <exception cref="InvalidSettingException">No servers are configured.</exception>
    public KafkaSettings(IConfiguration configuration)
    {
        BootstrapServers = Servers.IsSet(configuration)
            ? Servers.Of(configuration)
            : throw new InvalidSettingException("Transport is Kafka, but Kafka__BootstrapServers is not set: name at least one broker (host:port).");
        client = ClientSettings.All(configuration);
        client[ServersKey] = BootstrapServers;
        // By default a client tries a broker that was away anew only every ten seconds: all that waits for it would wait as long.
        client.TryAdd(BackoffKey, "1000");
    }

    public string BootstrapServers { get; }

    /// <summary>How long a reader that cannot hand over what it has read may leave its group without a poll: the group takes a member that does not poll for dead.</summary>
    public TimeSpan PauseAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Asks the library whether it takes its settings: it tells only when a client is made.</summary>
    /// <exception cref="InvalidSettingException">It does not.</exception>
    public void RequireClient()
    {
        try
        {
            using var asked = new AdminClientBuilder(Admin()).SetLogHandler((_, _) => { }).Build();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new InvalidSettingException($"The Kafka client does not take the settings {string.Join(", ", client.Keys.Where(name => !OwnKeys.Contains(name)).Select(name => $"Kafka__Client__{name}"))}: {exception.Message}");
        }
    }

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
        FetchQueueBackoffMs = QueueBackoffMilliseconds,
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
        QueuedMaxMessagesKbytes = QueueKilobytes,
        FetchQueueBackoffMs = QueueBackoffMilliseconds,
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
        QueuedMaxMessagesKbytes = QueueKilobytes,
        FetchQueueBackoffMs = QueueBackoffMilliseconds,
        TopicMetadataRefreshIntervalMs = 5_000,
        AllowAutoCreateTopics = false,
    };

    /// <summary>For messages that are worth nothing a second later.</summary>
    public ProducerConfig Teller() => new(Client())
    {
        Acks = Acks.Leader,
        MessageTimeoutMs = 2_000,
        LingerMs = 0,
        TopicMetadataRefreshIntervalMs = 5_000,
        AllowAutoCreateTopics = false,
    };

    /// <summary>Hears such messages from now on, as nobody's member.</summary>
    public ConsumerConfig Hearer(string name) => new(Client())
    {
        GroupId = name,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Latest,
        FetchMinBytes = 1,
        // So soon it is noticed that somebody has deleted the topic.
        TopicMetadataRefreshIntervalMs = 5_000,
        TopicMetadataPropagationMaxMs = 5_000,
        AllowAutoCreateTopics = false,
    };

    private Dictionary<string, string> Client() => new(client);

    private static bool IsBroker(string text) => Broker().IsMatch(text);

    // As the library takes them: a protocol in front and a port behind may be missing.
    [GeneratedRegex(@"^([A-Za-z_]+://)?(\[[0-9A-Fa-f:.]+\]|[^\s,:\[\]/]+)(:[0-9]{1,5})?$")]
    private static partial Regex Broker();
}
