using Monolith.BuildingBlocks.LocalServers;

namespace Monolith.Testing.Events;

/// <summary>A real Kafka, started when the first test needs it.</summary>
public sealed class TestKafka : IAsyncDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private readonly List<TemporaryFolder> folders = [];
    private KafkaBroker? broker;

    /// <summary>The broker that tests share.</summary>
    internal async Task<KafkaClients> ClientsAsync()
    {
        await one.WaitAsync();
        try
        {
            broker ??= await StartAsync();
            return new KafkaClients(broker);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>A broker that one test may kill.</summary>
    internal async Task<KafkaBroker> StartAsync()
    {
        var home = Required.Kafka();
        var folder = new TemporaryFolder();
        lock (folders)
            folders.Add(folder);
        return await KafkaBroker.StartAsync(new() { DataDirectory = folder.Path, KafkaHome = home, IsShortLived = true });
    }

    public async ValueTask DisposeAsync()
    {
        one.Dispose();
        if (broker is not null)
            await broker.DisposeAsync();
        foreach (var folder in folders)
            folder.Dispose();
    }
}
