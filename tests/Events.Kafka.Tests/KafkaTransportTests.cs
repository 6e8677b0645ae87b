using Monolith.Benchmarks.Running;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Host.Tests.Edge;
using Monolith.Modules.Orders.Domain;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Sites;
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
    public async Task Two_readers_of_a_group_share_the_partitions_and_one_takes_over()
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
        await first.UntilAsync("the news of all partitions", probe => Enumerable.Range(0, 4).All(partition => probe.Of(new(Shop, partition)).LastOrDefault()?.Offset == 2));
    }

    [Fact]
    public async Task Partitions_that_are_given_away_while_paused_are_read_when_they_come_back()
    {
        var checkpoints = new MemoryCheckpoints();
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(1);
        await writer.CountAsync(streams, 1);
        await using var first = ReaderProbe.Idle(clients.Impatient, $"shared.{Shop}", checkpoints, Shop);
        await Eventually.HoldsAsync(TimeSpan.FromSeconds(45), "all partitions are taken, and what was read fills the channel", () => first.Waiting == KafkaReader.ChunksAhead);
        // What comes now cannot be handed over.
        await writer.CountAsync(streams, 1);
        await using (var second = Open("shared", checkpoints))
        {
            await second.UntilAsync("a half, which the first gave away while it waited", probe => probe.Owned.Count == 2);
            first.Take();
            await first.UntilAsync("the other half", probe => probe.Owned.Count == 2);
        }

        await first.UntilAsync("all partitions again", probe => probe.Owned.Count == 4);
        await writer.CountAsync(streams, 1);

        await first.UntilAsync("the news of all partitions", probe => Enumerable.Range(0, 4).All(partition => probe.Of(new(Shop, partition)).LastOrDefault()?.Offset == 2));
    }

    /// <summary>Whoever starts at the head would else react to the past.</summary>
    [Fact]
    public async Task The_head_of_a_log_of_another_process_is_its_furthest_event_also_behind_a_stale_relays_repeats()
    {
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.StreamsIn(0, 1);
        await writer.CountAsync(streams, 3);
        await using var probe = Open();
        await probe.UntilRecordsAsync(3);

        foreach (var repeated in probe.Records[..2])
            await clients.ProduceAsync(Shop, 0, RecordFormat.MessageOf(repeated));
        await ShouldEndAsync(3, probe.Records[2]);

        // What is known of the tail by now is not read again.
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
    public async Task A_topic_that_is_made_anew_is_filled_again_and_read_from_its_start()
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

        await probe.UntilAsync("taken anew in another topic", p => p.Told.OfType<ReaderEvent.Assigned>().Last().Sources[Shop] != source);
        await probe.UntilAsync("all of the new topic", p =>
        {
            var anew = p.Told.SkipWhile(happened => happened is not ReaderEvent.Assigned assigned || assigned.Sources[Shop] == source).OfType<ReaderEvent.RecordsRead>().SelectMany(read => read.Records).ToArray();
            return Enumerable.Range(0, 4).All(partition => anew.Where(record => record.Partition == partition).Select(record => record.Offset).Distinct().Order().SequenceEqual([0, 1, 2, 3]));
        });
        // The old producer may have written into the new topic before the relay noticed; what a reader accepts is the log.
        foreach (var (records, partition) in clients.ReadAll(Shop, 4).Select((records, partition) => (records, partition)))
        {
            var cursor = new PartitionCursor(new Checkpoint(new(Shop, partition), 1, 0, null, 0, null), "anew");
            records.Where(cursor.Accept).Select(record => record.Offset).ShouldBe([0, 1, 2, 3]);
        }
    }

    [Fact]
    public async Task Records_of_strangers_are_passed_by_and_told()
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
        probe.Told.OfType<ReaderEvent.InvalidRecord>().Select(foreign => (foreign.Partition.Partition, foreign.Position, foreign.Reason))
            .ShouldBe([(0, 2, "it has no ce_sequence"), (1, 2, "it has no ce_type")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_hole_that_a_stranger_made_is_carried_on_and_held_by_the_cursor()
    {
        await new PostgresWriter(Database.Shop).CountAsync(SampleWriter.StreamsIn(0, 1), 2);
        await using var probe = Open();
        await probe.UntilRecordsAsync(2);

        await clients.ProduceAsync(Shop, 0, RecordFormat.MessageOf(SampleRecords.Of(new Counted(Guid.NewGuid(), 1), 500)));

        await probe.UntilRecordsAsync(3);
        probe.Records[2].Offset.ShouldBe(500);
    }
}
