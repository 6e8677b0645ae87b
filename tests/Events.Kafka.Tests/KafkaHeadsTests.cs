using System.Diagnostics;
using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Postgres.Relaying;
using Monolith.BuildingBlocks.Events.Relaying;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Events.Kafka.Tests;

/// <summary>The ranges and heads of partitions of a real topic, with markers, duplicates and deleted records around the events.</summary>
[Trait("Category", "Module")]
public sealed class KafkaHeadsTests(TestKafka kafka) : IAsyncLifetime
{
    private const int Many = 32;
    private const int OfEach = 1_000;

    /// <summary>Incompressible data: a thousand such records are the largest batch that a broker accepts.</summary>
    private const int ValueBytes = 900;

    private const int MaxBatchBytes = 2 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly string topic = $"ends-{Guid.NewGuid():N}";
    private readonly DateTimeOffset start = DateTimeOffset.UtcNow;
    private KafkaClients clients = null!;

    public async ValueTask InitializeAsync() => clients = await kafka.ClientsAsync();

    public ValueTask DisposeAsync()
    {
        clients?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Large_batches_do_not_delay_ranges_and_offset_search()
    {
        int[] partitions = [.. Enumerable.Range(0, Many)];
        await clients.CreateTopicAsync(topic, Many);
        Produce(LargeBatches(), partitions.SelectMany(partition => Log(partition, 0, OfEach, ValueBytes)));

        var clock = Stopwatch.StartNew();
        var ends = await clients.Topics.RangesAsync(topic, partitions, CancellationToken.None);
        clock.Elapsed.ShouldBeLessThan(RelayLeases.Duration);
        var last = await clients.Topics.LastRecordsAsync(topic, partitions, CancellationToken.None);
        var offsets = await clients.Transport.OffsetsSinceAsync(topic, start.AddHours(-1), CancellationToken.None);

        foreach (var partition in partitions)
        {
            ends[partition].ShouldBe(new TopicRange(At(partition, 0, position: 0), At(partition, OfEach - 1, OfEach - 1)));
            last[partition].ShouldBe(ends[partition].Last);
            offsets[new LogPartition(topic, partition)].ShouldBe(0);
        }
    }

    [Fact]
    public async Task Partition_that_ends_with_a_transaction_marker_has_no_event()
    {
        await clients.CreateTopicAsync(topic, 3);
        Produce(clients.Settings.Producer(), [.. Log(0, 0, 5), .. Log(1, 0, 5)]);
        var foreign = new ProducerConfig { BootstrapServers = clients.Settings.BootstrapServers, TransactionalId = topic };
        Produce(foreign, [(1, KafkaClients.Foreign()), .. Log(2, 0, 5)], transaction: true);

        // The broker writes transaction markers a moment after its answer.
        IReadOnlyDictionary<int, TopicRange> ends = new Dictionary<int, TopicRange>();
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            ends = await clients.Topics.RangesAsync(topic, [0, 1, 2], CancellationToken.None);
            return (ends[1].Last.Position, ends[2].Last.Position) is var last && last == (6, 5) ? null : $"the last positions are {last}";
        });

        ends[0].ShouldBe(new TopicRange(At(0, 0, 0), At(0, 4, 4)));
        ends[1].ShouldBe(new TopicRange(At(1, 0, 0), ForeignAt(6)));
        ends[2].ShouldBe(new TopicRange(At(2, 0, 0), ForeignAt(5)));
        (await clients.Topics.LastRecordsAsync(topic, [0, 1, 2], CancellationToken.None)).Values
            .ShouldBe([ends[0].Last, ForeignAt(6), ForeignAt(5)]);
        var offsets = await clients.Transport.OffsetsSinceAsync(topic, start.AddHours(-1), CancellationToken.None);
        offsets.Values.ShouldAllBe(offset => offset == 0);
    }

    [Fact]
    public async Task Ranges_and_heads_survive_deleted_and_duplicate_records()
    {
        await clients.CreateTopicAsync(topic, 2);
        Produce(clients.Settings.Producer(), [.. Log(0, 0, 10), .. Log(0, 5, 7), .. Log(1, 0, 10)]);
        await clients.Admin.RequestAsync(
            cluster => cluster.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 9), new TopicPartitionOffset(topic, 1, 10)]));

        var ends = await clients.Topics.RangesAsync(topic, [0, 1], CancellationToken.None);

        ends.ShouldHaveSingleItem("an empty partition has no range").Value
            .ShouldBe(new TopicRange(At(0, 9, position: 9), At(0, 6, position: 11)));
        (await clients.Transport.HeadsAsync(topic, CancellationToken.None))[new LogPartition(topic, 0)].ShouldBe(10);
    }

    /// <summary>Writes the largest possible batches, like a relay that catches up.</summary>
    private ProducerConfig LargeBatches() =>
        new(clients.Settings.Producer())
        {
            LingerMs = 500,
            BatchNumMessages = OfEach,
            BatchSize = MaxBatchBytes,
            MessageMaxBytes = MaxBatchBytes,
        };

    private void Produce(
        ProducerConfig settings, IEnumerable<(int Partition, Message<byte[], byte[]> Message)> records, bool transaction = false)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(settings).Build();
        if (transaction)
        {
            producer.InitTransactions(Timeout);
            producer.BeginTransaction();
        }

        var failures = 0;
        foreach (var (partition, message) in records)
            producer.Produce(new TopicPartition(topic, partition), message, report => failures += report.Error.IsError ? 1 : 0);
        producer.Flush();
        if (transaction)
            producer.CommitTransaction();
        failures.ShouldBe(0);
    }

    private static IEnumerable<(int Partition, Message<byte[], byte[]> Message)> Log(int partition, int from, int to, int bytes = 2)
    {
        for (var offset = from; offset < to; offset++)
        {
            var message = RecordFormat.MessageOf(SampleRecords.Of(new Counted(SampleRecords.CounterOf(partition), 1), offset, partition));
            message.Value = new byte[bytes];
            Random.Shared.NextBytes(message.Value);
            yield return (partition, message);
        }
    }

    private static TopicRecord ForeignAt(long position) => new(null, null) { Position = position };

    private static TopicRecord At(int partition, long offset, long position) =>
        new(offset, SampleRecords.IdAt(partition, offset)) { Position = position };
}
