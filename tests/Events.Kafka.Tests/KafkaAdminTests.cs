using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Events.Kafka;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class KafkaAdminTests : IDisposable
{
    private const int Askers = 8;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    /// <summary>The timeout of the client, longer than the tests wait.</summary>
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan SomeTime = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource<int> never = new();
    private readonly KafkaAdmin admin;

    public KafkaAdminTests()
    {
        // No broker listens at this address, and none is needed.
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Kafka:BootstrapServers", "127.0.0.1:1")]).Build();
        admin = new KafkaAdmin(new KafkaSettings(configuration)) { ResponseTimeout = TimeSpan.FromMilliseconds(50) };
    }

    public void Dispose() => admin.Dispose();

    [Fact]
    public async Task Unresponsive_client_fails_and_is_replaced()
    {
        var silent = await admin.RequestAsync(Task.FromResult);

        var failure = await Should.ThrowAsync<KafkaException>(() => admin.RequestAsync(_ => never.Task).WaitAsync(Timeout));

        failure.Error.Code.ShouldBe(ErrorCode.Local_TimedOut);
        (await admin.RequestAsync(Task.FromResult)).ShouldNotBeSameAs(silent);
    }

    [Fact]
    public async Task Response_is_returned() => (await admin.RequestAsync(_ => Task.FromResult(7))).ShouldBe(7);

    /// <summary>
    /// A replaced client is disposed and its native memory is freed. A request or an answer that used it afterwards would crash the
    /// process.
    /// </summary>
    [Fact]
    public async Task Unresponsive_clients_are_replaced_during_concurrent_requests()
    {
        var until = DateTime.UtcNow + SomeTime;
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Run(async () =>
        {
            while (DateTime.UtcNow < until)
            {
                var failure = await Should.ThrowAsync<KafkaException>(
                    () => admin.RequestAsync(cluster => cluster.DescribeClusterAsync(new() { RequestTimeout = AnsweredWithin })));
                failure.Error.Code.ShouldBe(ErrorCode.Local_TimedOut);
            }
        })));
    }
}
