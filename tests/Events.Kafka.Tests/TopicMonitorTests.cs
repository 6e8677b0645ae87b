using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Relaying;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Events.Kafka.Tests;

/// <summary>Changed, emptied and removed topics of a real Kafka.</summary>
[Trait("Category", "Module")]
public sealed class TopicMonitorTests(TestKafka kafka) : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly (string, string)[] Kept = [("retention.ms", "-1"), ("retention.bytes", "-1")];

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly string topic = $"watched{Guid.NewGuid():N}.events";
    private KafkaClients clients = null!;
    private TopicMonitor watch = null!;

    public async ValueTask InitializeAsync()
    {
        clients = await kafka.ClientsAsync();
        await clients.CreateTopicAsync(topic, 2, Kept);
        watch = new TopicMonitor([topic], [], clients.Admin, clients.Beginnings, TimeProvider.System, NullLogger<TopicMonitor>.Instance);
    }

    public ValueTask DisposeAsync()
    {
        watch?.Dispose();
        clients?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("cleanup.policy", "compact", "delete")]
    [InlineData("cleanup.policy", "compact,delete", "delete")]
    [InlineData("retention.ms", "3600000", "-1")]
    [InlineData("retention.bytes", "1000000", "-1")]
    public async Task Changed_setting_degrades_health_until_it_is_corrected(string setting, string value, string wanted)
    {
        await FaultsBecomeAsync();

        await clients.SetAsync(topic, setting, value);
        await FaultsBecomeAsync(
            $"The topic {topic} has {setting}={value}. It must be {wanted}, because events are kept for ever. "
            + "Correct it with kafka-configs.sh.");
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);

        await clients.SetAsync(topic, setting, wanted);
        await FaultsBecomeAsync();
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Changed_number_of_partitions_is_named()
    {
        await FaultsBecomeAsync();

        await clients.GrowAsync(topic, 3);

        await FaultsBecomeAsync(
            $"The topic {topic} has 3 partitions but the log has 2, so readers would look in the wrong partitions. "
            + "Delete the topic: the relay creates it again from the log.");
    }

    [Fact]
    public async Task Missing_topic_is_reported_unless_it_is_recreated()
    {
        await FaultsBecomeAsync();

        await clients.DeleteTopicAsync(topic);
        await FaultsBecomeAsync(
            $"The topic {topic} does not exist. The process that runs its module creates it and fills it from the log: "
            + "start that process, or check its relay.");

        await clients.CreateTopicAsync(topic, 2, Kept);
        await FaultsBecomeAsync();
    }

    [Fact]
    public async Task Deleted_records_are_reported_until_offset_0_is_back()
    {
        await ProduceAsync(0, 1, 2, 3, 4);
        await FaultsBecomeAsync();

        await clients.DeleteRecordsAsync(topic, 0, 3);
        await FaultsBecomeAsync(Fault("begins with offset 3 instead of 0"));
        var deleted = (await clients.Transport.DeletedRecordsAsync(topic, cancellation)).ShouldHaveSingleItem();
        deleted.Value.Reason.ShouldBe($"Records were deleted from the topic {topic}: {Remedy("begins with offset 3 instead of 0")}");
        (deleted.Key, deleted.Value.FirstOffset, deleted.Value.FirstPosition, deleted.Value.Source)
            .ShouldBe((new LogPartition(topic, 0), 3, 3, await clients.Admin.SourceOfAsync(topic)));

        await clients.DeleteRecordsAsync(topic, 0, Offset.End);
        await FaultsBecomeAsync(Fault("has no records left"));
        (await clients.Transport.HeadsAsync(topic, cancellation))[new LogPartition(topic, 0)]
            .ShouldBe(5, "an emptied partition is not a new one");
        (await clients.Transport.PartitionHeadsAsync(topic, cancellation)).Single(end => end.Partition.Partition == 0)
            .ShouldBe(new LogHead(new LogPartition(topic, 0), 5, null, 4, deleted.Value.Source));
        (await clients.Transport.OffsetsSinceAsync(topic, DateTimeOffset.UtcNow.AddHours(-1), cancellation))[new LogPartition(topic, 0)]
            .ShouldBe(5);

        // A relay fills an emptied partition from the start of the log.
        await ProduceAsync(0, 1, 2, 3, 4);
        await FaultsBecomeAsync();
    }

    /// <summary>At the first start all hosts create the topics at the same time.</summary>
    [Fact]
    public async Task New_topic_has_leaders_once_it_is_ensured()
    {
        const int Partitions = 64;
        for (var i = 0; i < 3; i++)
        {
            var made = $"{topic}-{i}";
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => clients.Topics.EnsureTopicAsync(made, Partitions, cancellation)));

            var served = await clients.Admin.BeginningsAsync(
                [.. Enumerable.Range(0, Partitions).Select(partition => new TopicPartition(made, partition))]);
            served.ShouldAllBe(partition => !partition.Error.IsError);
        }
    }

    [Fact]
    public async Task Wrong_setting_is_named_when_beginnings_cannot_be_read()
    {
        var unreachable = new KafkaSettings(
            new ConfigurationBuilder().AddInMemoryCollection([new("Kafka:BootstrapServers", "127.0.0.1:1")]).Build());
        using var admin = new KafkaAdmin(unreachable) { ResponseTimeout = TimeSpan.FromMilliseconds(200) };
        var beginnings = new TopicBeginnings(admin, clients.Topics, new LocalLogs([], clients.Topics, admin));
        using var other = new TopicMonitor(
            [topic], [], clients.Admin, beginnings, TimeProvider.System, NullLogger<TopicMonitor>.Instance);
        await clients.SetAsync(topic, "retention.ms", "3600000");

        await Eventually.HoldsAsync(Timeout, async () =>
        {
            await other.CheckAsync(cancellation);
            return other.Faults.Any(fault => fault.Contains("retention.ms=3600000", StringComparison.Ordinal)) ? null : "no fault yet";
        });
    }

    [Fact]
    public async Task Deleted_records_stay_known_while_a_partition_fails()
    {
        await ProduceAsync(0, 1, 2);
        await clients.DeleteRecordsAsync(topic, 0, 2);
        var other = $"{topic}-other";
        await clients.CreateTopicAsync(other, 1, Kept);
        TopicDescription[] both = [(await clients.Admin.DescribeAsync(topic))!, (await clients.Admin.DescribeAsync(other))!];
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            await clients.Beginnings.CheckAsync(both, cancellation);
            return clients.Beginnings.Of(topic).Count == 1 ? null : "the deleted records are not known yet";
        });
        var known = clients.Beginnings.Of(topic);

        // The description is now of a topic that no broker serves.
        await clients.DeleteTopicAsync(topic);
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            var answers = await clients.Admin.BeginningsAsync([new(topic, 0), new(other, 0)]);
            return answers.Any(answer => answer.Topic == topic && answer.Error.IsError) ? null : "the partition is still served";
        });
        await clients.Beginnings.CheckAsync(both, cancellation);

        clients.Beginnings.Of(topic).ShouldBeSameAs(known);
    }

    [Fact]
    public async Task Settings_are_read_although_another_topic_is_missing()
    {
        var settings = await clients.Admin.SettingsAsync([topic, $"{topic}-missing"]);

        settings.ShouldHaveSingleItem().Key.ShouldBe(topic);
        settings[topic]["retention.ms"].Value.ShouldBe("-1");
        await Should.ThrowAsync<KafkaException>(() => clients.Admin.SettingsAsync([$"{topic}-missing"]));
    }

    [Fact]
    public async Task Topic_is_the_same_until_recreated_or_extended()
    {
        var id = await clients.Topics.EnsureTopicAsync(topic, 2, cancellation);
        (await clients.Topics.IsSameTopicAsync(topic, id, 2, cancellation)).ShouldBeTrue();
        (await clients.Topics.IsSameTopicAsync(topic, "another", 2, cancellation)).ShouldBeFalse();
        (await clients.Topics.IsSameTopicAsync($"{topic}-missing", id, 2, cancellation)).ShouldBeFalse();

        await clients.GrowAsync(topic, 3);

        await Eventually.HoldsAsync(
            Timeout, async () => await clients.Topics.IsSameTopicAsync(topic, id, 3, cancellation) ? null : "another topic", cancellation);
        await Should.ThrowAsync<WrongTopicException>(() => clients.Topics.IsSameTopicAsync(topic, id, 2, cancellation));
    }

    private string Fault(string what) => $"Records were deleted from 1 of 2 partitions of the topic {topic}. {Remedy(what)}";

    private string Remedy(string what) =>
        $"{topic}[0] {what}. What needs the deleted events waits. Delete the topic: the relay fills it again from the log.";

    private async Task ProduceAsync(params long[] offsets)
    {
        foreach (var offset in offsets)
            await clients.ProduceAsync(
                topic, 0, RecordFormat.MessageOf(SampleRecords.Of(new Counted(SampleRecords.CounterOf(0), 1), offset)));
    }

    // Brokers report a change after a moment.
    private Task FaultsBecomeAsync(params string[] faults) => Eventually.HoldsAsync(Timeout, async () =>
    {
        await watch.CheckAsync(cancellation);
        return watch.Faults.SequenceEqual(faults) ? null : $"the faults are: {string.Join("; ", watch.Faults)}";
    });

    private Task<HealthCheckResult> HealthAsync() => new TopicHealthCheck(watch).CheckHealthAsync(new HealthCheckContext(), cancellation);
}
