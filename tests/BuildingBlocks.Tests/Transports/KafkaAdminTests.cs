using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Kafka;

namespace Monolith.BuildingBlocks.Tests.Transports;

[Trait("Height", "Unit")]
public sealed class KafkaAdminTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<int> never = new();
    private readonly KafkaAdmin admin;

    public KafkaAdminTests()
    {
        // Nobody listens there, and nobody needs to.
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Kafka:BootstrapServers", "127.0.0.1:1")]).Build();
        admin = new KafkaAdmin(new KafkaSettings(configuration)) { AnswerWithin = TimeSpan.FromMilliseconds(50) };
    }

    public void Dispose() => admin.Dispose();

    [Fact]
    public async Task A_client_that_does_not_answer_is_told_and_replaced()
    {
        var silent = admin.Client;

        var failure = await Should.ThrowAsync<KafkaException>(() => admin.AskAsync(_ => never.Task).WaitAsync(Patience));

        failure.Error.Code.ShouldBe(ErrorCode.Local_TimedOut);
        admin.Client.ShouldNotBeSameAs(silent);
    }

    [Fact]
    public async Task What_is_answered_comes_through() => (await admin.AskAsync(_ => Task.FromResult(7))).ShouldBe(7);
}
