using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Events.Kafka.Tests;

/// <summary>Tests share the topic; each has a separate channel in it.</summary>
public sealed class ProgressByTopicTests(TestPostgres postgres, TestKafka kafka) : ProgressExchangeContract(postgres)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(40);

    private readonly string name = $"{Guid.NewGuid():N}_progress";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private KafkaClients clients = null!;

    public override async ValueTask InitializeAsync()
    {
        clients = await kafka.ClientsAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        clients.Dispose();
    }

    [Fact]
    public async Task Deleted_topic_is_created_again()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var heard = new ConcurrentQueue<string>();
        var hearing = clients.Transport.OpenChannel(name).SubscribeAsync(heard.Enqueue, stopping.Token);
        await IsThereAsync();
        await HearsAsync("before", heard);

        await clients.DeleteTopicAsync(TopicChannel.Topic);

        await IsThereAsync();
        await HearsAsync("after", heard);
        await stopping.CancelAsync();
        await hearing;
    }

    private protected override IHostChannel Open(SampleDatabase database) => clients.Transport.OpenChannel(name);

    private Task IsThereAsync() => Eventually.HoldsAsync(
        Timeout, async () =>
            await clients.Admin.DescribeAsync(TopicChannel.Topic) is null ? $"{TopicChannel.Topic} is there" : null, cancellation);

    // The other host repeats its report, since the listener may not be subscribed yet.
    private async Task HearsAsync(string message, ConcurrentQueue<string> heard)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var other = clients.Transport.OpenChannel(name);
        var listening = other.SubscribeAsync(_ => { }, stopping.Token);
        await Eventually.HoldsAsync(
            Timeout,
            async () =>
            {
                await other.PublishAsync(message, cancellation);
                return heard.Contains(message) ? null : $"{message} is heard";
            },
            cancellation);
        await stopping.CancelAsync();
        await listening;
    }
}
