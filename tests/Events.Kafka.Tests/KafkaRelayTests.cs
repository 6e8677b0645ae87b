using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Postgres.Relaying;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Events.Kafka.Tests;

/// <summary>Invariant 6 on a real Kafka.</summary>
[Trait("Category", "Module")]
public sealed class KafkaRelayTests(TestPostgres postgres, TestKafka kafka) : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SampleDatabase database = null!;
    private KafkaClients clients = null!;

    private string Topic => database.Shop.Name;

    public async ValueTask InitializeAsync()
    {
        clients = await kafka.ClientsAsync();
        database = await postgres.NewAsync();
    }

    public async ValueTask DisposeAsync()
    {
        clients?.Dispose();
        if (database is not null)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task Next_relay_continues_after_the_last_record()
    {
        var writer = new PostgresWriter(database.Shop);
        var streams = SampleWriter.Streams(2);
        await writer.CountAsync(streams, 10);
        await RelayUntilAsync(20);
        await writer.CountAsync(streams, 3);
        await RelayUntilAsync(26);

        var topic = clients.ReadAll(Topic, SampleLogs.Partitions);
        foreach (var (records, partition) in topic.Select((records, partition) => (records, partition)))
        {
            records.Select(record => record.Offset)
                .ShouldBe(Enumerable.Range(0, 26).Select(offset => (long)offset), "no record is missing or repeated");
            records.ShouldAllBe(record => Partitioner.PartitionOf(record.StreamId, SampleLogs.Partitions) == partition);
        }
    }

    [Fact]
    public async Task Partition_that_does_not_continue_the_log_is_refused()
    {
        var streams = SampleWriter.Streams(1);
        await new PostgresWriter(database.Shop).CountAsync(streams, 3);
        await clients.CreateTopicAsync(Topic, SampleLogs.Partitions, ("retention.ms", "-1"), ("retention.bytes", "-1"));
        await clients.ProduceAsync(Topic, 0, KafkaClients.Foreign());
        await clients.ProduceAsync(Topic, 1, RecordFormat.MessageOf(SampleRecords.Of(new Counted(streams[1], 1), 500)));
        await clients.ProduceAsync(Topic, 2, RecordFormat.MessageOf(SampleRecords.Of(new Counted(streams[2], 1), 2)));
        using var relay = Relay(clients, out var status);
        await relay.StartAsync(cancellation);

        await Eventually.HoldsAsync(
            Timeout, "three partitions refused", () => status.Refused.Count == 3 && status.Partitions == 1, cancellation);
        await Eventually.HoldsAsync(
            Timeout, "the fourth relayed", () => clients.ReadAll(Topic, SampleLogs.Partitions)[3].Count == 3, cancellation);
        await relay.StopAsync(cancellation);

        status.Refused[0].ShouldStartWith($"The last record of the topic {Topic}[0] was not written by the relay");
        status.Refused[1].ShouldStartWith($"The topic {Topic}[1] ends with offset 500, but the log is shorter");
        status.Refused[2].ShouldStartWith($"The topic {Topic}[2] has another event at offset 2 than the log");
        clients.ReadAll(Topic, SampleLogs.Partitions).Select(records => records.Count).ShouldBe([0, 1, 1, 3]);
    }

    [Fact]
    public async Task Topic_with_other_partitions_is_refused()
    {
        await clients.CreateTopicAsync(Topic, 3, ("retention.ms", "-1"), ("retention.bytes", "-1"));

        await RefusedAsync(
            $"The topic {Topic} has 3 partitions but the log has 4, so readers would look in the wrong partitions. "
            + "Delete the topic: the relay creates it again from the log.");
    }

    [Theory]
    [InlineData("retention.ms", "3600000", "-1")]
    [InlineData("retention.bytes", "1000000", "-1")]
    [InlineData("cleanup.policy", "compact", "delete")]
    public async Task Topic_with_limited_retention_is_refused(string setting, string value, string needed)
    {
        await clients.CreateTopicAsync(Topic, SampleLogs.Partitions, (setting, value));

        await RefusedAsync(
            $"The topic {Topic} has {setting}={value}. It must be {needed}, because events are kept for ever. "
            + "Correct it with kafka-configs.sh.");
    }

    /// <summary>Repeats take positions, but no log offsets.</summary>
    [Fact]
    public async Task Emptied_partition_of_a_local_log_begins_after_the_log()
    {
        var streams = SampleWriter.Streams(1);
        await new PostgresWriter(database.Shop).CountAsync(streams, 3);
        await RelayUntilAsync(3);
        var repeated = clients.ReadAll(Topic, SampleLogs.Partitions)[0][^1];
        await clients.ProduceAsync(Topic, 0, RecordFormat.MessageOf(repeated));
        await clients.DeleteRecordsAsync(Topic, 0, Confluent.Kafka.Offset.End);
        var beginnings = new TopicBeginnings(clients.Admin, clients.Topics, new LocalLogs([database.Shop], clients.Topics, clients.Admin));

        var deleted = (await beginnings.CheckAsync(Topic, cancellation)).ShouldHaveSingleItem();

        (deleted.Key, deleted.Value.FirstOffset, deleted.Value.FirstPosition).ShouldBe((0, 3, 4));
    }

    [Fact]
    public async Task Restarted_broker_leaves_no_gap()
    {
        await using var broker = await kafka.StartAsync();
        using var mortal = new KafkaClients(broker);
        var writer = new PostgresWriter(database.Shop);
        var streams = SampleWriter.Streams(2);
        using var relay = Relay(mortal, out var status);
        await relay.StartAsync(cancellation);
        await writer.CountAsync(streams, 100);
        await Eventually.HoldsAsync(Timeout, "relaying", () => status.Partitions == 4, cancellation);

        broker.Kill();
        await writer.CountAsync(streams, 100);
        await Eventually.HoldsAsync(
            Timeout, "health notices", () => status.UnacknowledgedFor > TimeSpan.Zero || status.Problem is not null, cancellation);
        await broker.RestartAsync(cancellation);
        await writer.CountAsync(streams, 100);

        await Eventually.HoldsAsync(
            Timeout,
            "everything relayed",
            () => mortal.ReadAll(Topic, SampleLogs.Partitions).All(records => records.Any(record => record.Offset == 599)),
            cancellation);
        await relay.StopAsync(cancellation);
        foreach (var records in mortal.ReadAll(Topic, SampleLogs.Partitions))
            records.DistinctBy(record => record.Offset).Select(record => record.Offset)
                .ShouldBe(Enumerable.Range(0, 600).Select(offset => (long)offset));
    }

    private async Task RelayUntilAsync(int ofEachPartition)
    {
        using var relay = Relay(clients, out _);
        await relay.StartAsync(cancellation);
        await Eventually.HoldsAsync(
            Timeout, $"{ofEachPartition} records in each partition", () => clients.ReadAll(Topic, SampleLogs.Partitions).All(
                records => records.Count >= ofEachPartition), cancellation);
        await relay.StopAsync(cancellation);
    }

    private async Task RefusedAsync(string reason)
    {
        using var relay = Relay(clients, out var status);
        await relay.StartAsync(cancellation);
        await Eventually.HoldsAsync(
            Timeout, () => Task.FromResult(status.Problem == reason ? null : $"the relay says: {status.Problem}"), cancellation);
        await relay.StopAsync(cancellation);
    }

    private LogRelay Relay(KafkaClients to, out RelayStatus status)
    {
        status = new RelayStatus(Topic);
        return new LogRelay(database.Shop, to.Topics, status, TimeProvider.System, NullLogger<LogRelay>.Instance);
    }
}
