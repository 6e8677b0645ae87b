using Confluent.Kafka;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Module")]
public sealed class KafkaLiveFeedTests(TestPostgres postgres, TestKafka kafka) : LiveFeedContract(postgres)
{
    private KafkaClients clients = null!;

    internal override async Task<IRunningTransport> StartAsync(SampleDatabase database)
    {
        clients = await kafka.ClientsAsync();
        return await RelayedTransport.StartAsync(clients, database.Shop, database.Depot);
    }

    [Fact]
    public async Task Offset_in_a_topic_with_repeats_is_found()
    {
        // Like the records of two concurrent relays, with a foreign record among them. A relay would refuse this topic.
        var topic = $"repeated{Guid.NewGuid():N}.events";
        await clients.CreateTopicAsync(topic, 1);
        foreach (var offset in new long[] { 0, 1, 2, 1, 2, 3, 900, 4, 3, 4, 5 })
            await ProduceAsync(topic, offset, DateTimeOffset.UtcNow);
        await clients.ProduceAsync(topic, 0, KafkaClients.Foreign());
        await ProduceAsync(topic, 6, DateTimeOffset.UtcNow);

        for (var from = 0L; from <= 6; from++)
        {
            var expected = Enumerable.Range((int)from, 7 - (int)from).Select(offset => (long)offset);
            (await FollowAsync(topic, from, until: 6)).ShouldBe(expected, $"from {from}");
        }
    }

    [Fact]
    public async Task Follower_continues_by_log_offset_in_a_replaced_topic()
    {
        var topic = $"replaced{Guid.NewGuid():N}.events";
        await clients.CreateTopicAsync(topic, 1);
        // With repeats, Kafka offsets are above log offsets, so that the end of the new topic looks like the previous position.
        foreach (var offset in new long[] { 0, 1, 0, 1 })
            await ProduceAsync(topic, offset, DateTimeOffset.UtcNow);
        var read = new List<long>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        var start = new Dictionary<LogPartition, long> { [new(topic, 0)] = 0 };
        await foreach (var records in clients.Transport.FollowAsync(start, timeout.Token))
        {
            read.AddRange(records.Select(record => record.Offset));
            if (read[^1] is 1 or 3)
                await ReplaceAsync(topic, until: read[^1] + 2);
            else if (read[^1] == 5)
                break;
        }

        read.ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Missing_topic_does_not_delay_other_topics()
    {
        var missing = $"missing{Guid.NewGuid():N}.events";
        var topic = $"present{Guid.NewGuid():N}.events";
        await clients.CreateTopicAsync(topic, 1);
        await ProduceAsync(topic, 0, DateTimeOffset.UtcNow);
        var read = new List<(string, long)>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        var start = new Dictionary<LogPartition, long> { [new(missing, 0)] = 0, [new(topic, 0)] = 0 };
        await foreach (var records in clients.Transport.FollowAsync(start, timeout.Token))
        {
            read.AddRange(records.Select(record => (record.Log, record.Offset)));
            if (read.Count == 1)
            {
                await ReplaceAsync(topic, until: 1);
            }
            else if (read.Count == 2)
            {
                await clients.CreateTopicAsync(missing, 1);
                await ProduceAsync(missing, 0, DateTimeOffset.UtcNow);
            }
            else
            {
                break;
            }
        }

        read.ShouldBe([(topic, 0), (topic, 1), (missing, 0)]);
    }

    [Fact]
    public async Task Offsets_since_a_time_match_the_records_written_since()
    {
        var topic = $"aged{Guid.NewGuid():N}.events";
        await clients.CreateTopicAsync(topic, 2);
        for (var offset = 0L; offset < 10; offset++)
            await ProduceAsync(topic, offset, DateTimeOffset.UtcNow.AddHours(offset < 6 ? -2 : 0));

        (await SinceAsync(DateTimeOffset.UtcNow.AddHours(-1))).ShouldBe((6, 0), "the second partition is empty");
        (await SinceAsync(DateTimeOffset.UtcNow.AddHours(1))).First.ShouldBe(10, "nothing was written since");
        (await SinceAsync(DateTimeOffset.UnixEpoch.AddHours(1))).First.ShouldBe(0);

        async Task<(long First, long Second)> SinceAsync(DateTimeOffset time)
        {
            var offsets = await clients.Transport.OffsetsSinceAsync(topic, time, CancellationToken.None);
            return (offsets[new LogPartition(topic, 0)], offsets[new LogPartition(topic, 1)]);
        }
    }

    private async Task ReplaceAsync(string topic, long until)
    {
        await clients.DeleteTopicAsync(topic);
        await Eventually.HoldsAsync(TimeSpan.FromSeconds(30), async () =>
        {
            await clients.CreateTopicAsync(topic, 1);
            return null;
        });
        for (var offset = 0L; offset <= until; offset++)
            await ProduceAsync(topic, offset, DateTimeOffset.UtcNow);
    }

    private async Task<List<long>> FollowAsync(string topic, long from, long until)
    {
        var offsets = new List<long>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var start = new Dictionary<LogPartition, long> { [new(topic, 0)] = from };
        await foreach (var records in clients.Transport.FollowAsync(start, timeout.Token))
        {
            offsets.AddRange(records.Select(record => record.Offset));
            if (offsets[^1] == until)
                break;
        }

        return offsets;
    }

    private Task ProduceAsync(string topic, long offset, DateTimeOffset at)
    {
        LogRecord record = SampleRecords.Of(new Counted(SampleRecords.CounterOf(0), 1), offset);
        var message = RecordFormat.MessageOf(record);
        message.Timestamp = new Timestamp(at);
        return clients.ProduceAsync(topic, 0, message);
    }
}
