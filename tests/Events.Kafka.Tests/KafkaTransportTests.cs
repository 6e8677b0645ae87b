using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Module")]
public sealed class KafkaTransportTests(TestPostgres postgres, TestKafka kafka) : TransportContract(postgres)
{
    private KafkaClients clients = null!;

    internal override async Task<IRunningTransport> StartAsync(SampleDatabase database)
    {
        clients = await kafka.ClientsAsync();
        return await RelayedTransport.StartAsync(clients, database.Shop, database.Depot);
    }

    [Fact]
    public async Task Readers_of_a_group_share_and_take_over_partitions()
    {
        var checkpoints = new MemoryCheckpoints();
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(1);
        await using var first = Open("shared", checkpoints);
        await first.UntilAsync("all partitions", probe => probe.Owned.Count == 4);
        await using (var second = Open("shared", checkpoints))
        {
            await second.UntilAsync("a half", probe => probe.Owned.Count == 2);
            await first.UntilAsync("the other half", probe => probe.Owned.Count == 2);
            first.Owned.Overlaps(second.Owned).ShouldBeFalse();
            await writer.CountAsync(streams, 2);
            await second.UntilRecordsAsync(4);
            await first.UntilRecordsAsync(4);
        }

        await first.UntilAsync("all partitions again", probe => probe.Owned.Count == 4);
        await writer.CountAsync(streams, 1);
        await first.UntilAsync(
            "the new events of all partitions",
            probe => Enumerable.Range(0, 4).All(partition => probe.Of(new(Shop, partition)).LastOrDefault()?.Offset == 2));
    }

    [Fact]
    public async Task Partitions_revoked_while_paused_are_read_when_reassigned()
    {
        var checkpoints = new MemoryCheckpoints();
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(1);
        await writer.CountAsync(streams, 1);
        await using var first = ReaderProbe.Idle(clients.Impatient, $"shared.{Shop}", checkpoints, Shop);
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(45),
            "all partitions are assigned, and records fill the channel",
            () => first.Waiting == KafkaReader.ChunksAhead);
        // Records that arrive now cannot be delivered.
        await writer.CountAsync(streams, 1);
        await using (var second = Open("shared", checkpoints))
        {
            await second.UntilAsync("a half, which the first released while it waited", probe => probe.Owned.Count == 2);
            first.Take();
            await first.UntilAsync("the other half", probe => probe.Owned.Count == 2);
        }

        await first.UntilAsync("all partitions again", probe => probe.Owned.Count == 4);
        await writer.CountAsync(streams, 1);

        await first.UntilAsync(
            "the new events of all partitions",
            probe => Enumerable.Range(0, 4).All(partition => probe.Of(new(Shop, partition)).LastOrDefault()?.Offset == 2));
    }

    /// <summary>Otherwise a reader that starts at the head would read old events.</summary>
    [Fact]
    public async Task Head_ignores_duplicates_of_a_stale_relay()
    {
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.StreamsIn(0, 1);
        await writer.CountAsync(streams, 3);
        await using var probe = Open();
        await probe.UntilRecordsAsync(3);

        foreach (var repeated in probe.Records[..2])
            await clients.ProduceAsync(Shop, 0, RecordFormat.MessageOf(repeated));
        await ShouldEndAsync(3, probe.Records[2]);

        // The known part of the tail is not read again.
        await writer.CountAsync(streams, 1);
        await probe.UntilAsync("the fourth", p => p.Records.Any(record => record.Offset == 3));
        await clients.ProduceAsync(Shop, 0, RecordFormat.MessageOf(probe.Records[0]));
        await ShouldEndAsync(4, probe.Records.Single(record => record.Offset == 3));
        await ShouldEndAsync(4, probe.Records.Single(record => record.Offset == 3));
    }

    private async Task ShouldEndAsync(long next, LogRecord last)
    {
        (await Transport.HeadsAsync(Shop, CancellationToken.None))[new(Shop, 0)].ShouldBe(next);
        var head = (await Transport.PartitionHeadsAsync(Shop, CancellationToken.None)).Single(end => end.Partition.Partition == 0);
        (head.NextOffset, head.LastEventId, head.Position).ShouldBe((next, last.EventId, last.Position));
    }

    [Fact]
    public async Task Recreated_topic_is_filled_and_read_from_its_beginning()
    {
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(1);
        await writer.CountAsync(streams, 3);
        await using var probe = Open();
        await probe.UntilRecordsAsync(12);
        var source = probe.SourceOf(Shop);
        for (var partition = 0; partition < 4; partition++)
            probe.Checkpoints.Set(probe.Of(new(Shop, partition))[^1], source);

        await clients.DeleteTopicAsync(Shop);
        await writer.CountAsync(streams, 1);

        await probe.UntilAsync(
            "reassigned in another topic", p => p.Received.OfType<ReaderEvent.Assigned>().Last().Sources[Shop] != source);
        await probe.UntilAsync("all of the new topic", p =>
        {
            var again = p.Received.SkipWhile(happened => happened is not ReaderEvent.Assigned assigned || assigned.Sources[Shop] == source)
                .OfType<ReaderEvent.RecordsRead>().SelectMany(read => read.Records).ToArray();
            return again.GroupBy(record => record.Partition).Count() == 4
                && again.GroupBy(record => record.Partition)
                    .All(partition => partition.Select(record => record.Offset).Distinct().Order().SequenceEqual([0, 1, 2, 3]));
        });
        // The old producer may have written into the new topic before the relay noticed; what a reader accepts is the log.
        foreach (var (records, partition) in clients.ReadAll(Shop, 4).Select((records, partition) => (records, partition)))
        {
            var cursor = new PartitionCursor(new Checkpoint(new(Shop, partition), 1, 0, null, 0, null), "again");
            records.Where(cursor.Accept).Select(record => record.Offset).ShouldBe([0, 1, 2, 3]);
        }
    }

    [Fact]
    public async Task Invalid_records_are_skipped_and_reported()
    {
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(1);
        await writer.CountAsync(streams, 2);
        await using var probe = Open();
        await probe.UntilRecordsAsync(8);
        var forged = RecordFormat.MessageOf(SampleRecords.Of(new Counted(streams[0], 1), 500));
        forged.Headers.Remove("ce_type");
        forged.Headers.Add("ce_type", null);

        await clients.ProduceAsync(Shop, 0, KafkaClients.Foreign());
        await clients.ProduceAsync(Shop, 1, forged);
        await writer.CountAsync(streams, 2);
        await probe.UntilRecordsAsync(16);

        await ShouldBeTheLogAsync(probe.Records);
        probe.Received.OfType<ReaderEvent.InvalidRecord>()
            .Select(foreign => (foreign.Partition.Partition, foreign.Position, foreign.Reason))
            .ShouldBe([(0, 2, "it has no ce_sequence"), (1, 2, "it has no ce_type")], ignoreOrder: true);
    }

    [Fact]
    public async Task Cursor_waits_at_a_gap_of_a_foreign_record()
    {
        await new PostgresWriter(Database.Shop).CountAsync(SampleWriter.StreamsIn(0, 1), 2);
        await using var probe = Open();
        await probe.UntilRecordsAsync(2);

        await clients.ProduceAsync(Shop, 0, RecordFormat.MessageOf(SampleRecords.Of(new Counted(Guid.NewGuid(), 1), 500)));

        await probe.UntilRecordsAsync(3);
        probe.Records[2].Offset.ShouldBe(500);
    }
}
