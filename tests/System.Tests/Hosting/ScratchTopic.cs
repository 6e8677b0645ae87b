using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Monolith.System.Tests.Hosting;

/// <summary>A temporary topic of a test.</summary>
internal sealed class ScratchTopic : IAsyncDisposable
{
    private readonly IAdminClient admin;

    private ScratchTopic(IAdminClient admin, string name)
    {
        this.admin = admin;
        Name = name;
    }

    public string Name { get; }

    public static async Task<ScratchTopic> CreateAsync(string bootstrapServers, int partitions)
    {
        var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        var topic = new ScratchTopic(admin, $"scratch-{Guid.NewGuid():N}");
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic.Name, NumPartitions = partitions }]);
        return topic;
    }

    public async ValueTask DisposeAsync()
    {
        await admin.DeleteTopicsAsync([Name]);
        admin.Dispose();
    }
}
