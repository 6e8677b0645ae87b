using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Monolith.BuildingBlocks.LocalServers;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.LocalServers.Tests;

[Trait("Category", "Module")]
public sealed class KafkaBrokerTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_survive_a_restart_on_the_same_port_after_a_kill()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await StartAsync(folder.Path, Required.Kafka());
        var (address, process) = (broker.BootstrapServers, broker.ProcessId);
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build())
            await admin.CreateTopicsAsync([new TopicSpecification { Name = "kept", NumPartitions = 1, ReplicationFactor = 1 }]);
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = address }).Build())
            await producer.ProduceAsync("kept", new Message<Null, string> { Value = "here" }, cancellation);

        broker.Kill();
        ProcessTable.IsAlive(process).ShouldBeFalse();
        await broker.RestartAsync(cancellation);

        broker.BootstrapServers.ShouldBe(address);
        var config = new ConsumerConfig { BootstrapServers = address, GroupId = "any" };
        using var consumer = new ConsumerBuilder<Null, string>(config).Build();
        consumer.Assign(new TopicPartitionOffset("kept", 0, Offset.Beginning));
        consumer.Consume(TimeSpan.FromSeconds(20))?.Message.Value.ShouldBe("here");
    }

    [Fact]
    public async Task Unknown_topics_are_refused_and_nothing_runs_after_disposal()
    {
        using var folder = new TemporaryFolder();
        var broker = await StartAsync(folder.Path, Required.Kafka());
        var process = broker.ProcessId;
        var config = new ProducerConfig { BootstrapServers = broker.BootstrapServers, MessageTimeoutMs = 5000 };
        using (var producer = new ProducerBuilder<Null, string>(config).Build())
        {
            var message = new Message<Null, string> { Value = "lost" };
            var refusal = await Should.ThrowAsync<ProduceException<Null, string>>(
                () => producer.ProduceAsync("unknown", message, cancellation));
            refusal.Error.Code.ShouldBeOneOf(ErrorCode.UnknownTopicOrPart, ErrorCode.Local_UnknownTopic, ErrorCode.Local_MsgTimedOut);
        }

        await broker.DisposeAsync();

        ProcessTable.IsAlive(process).ShouldBeFalse();
    }

    [Fact]
    public async Task Folder_without_Kafka_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();

        var refusal = await Should.ThrowAsync<LocalServerException>(() => StartAsync(folder.Path, folder.Path));

        refusal.Message.ShouldStartWith($"KAFKA_HOME is {folder.Path}, where there is no bin/kafka-server-start.sh");
    }

    private Task<KafkaBroker> StartAsync(string folder, string kafkaHome) =>
        KafkaBroker.StartAsync(new() { DataDirectory = folder, KafkaHome = kafkaHome }, cancellation);
}
