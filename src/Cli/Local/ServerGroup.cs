using Monolith.BuildingBlocks.LocalServers;

namespace Monolith.Cli.Local;

/// <summary>The local servers of one data folder.</summary>
internal sealed class ServerGroup : IAsyncDisposable
{
    private readonly string dataFolder;
    private readonly PostgresCluster postgres;
    private readonly KafkaBroker? kafka;

    private ServerGroup(string dataFolder, PostgresCluster postgres, KafkaBroker? kafka)
    {
        this.dataFolder = dataFolder;
        this.postgres = postgres;
        this.kafka = kafka;
    }

    public Endpoints Endpoints => new(Http: null, postgres.ConnectionString, kafka?.BootstrapServers);

    private IEnumerable<ILocalServer> All => kafka is null ? [postgres] : [postgres, kafka];

    public static async Task<ServerGroup> StartAsync(string dataFolder, bool withKafka, CancellationToken cancellation)
    {
        dataFolder = Path.GetFullPath(dataFolder);
        var postgresOptions = new PostgresClusterOptions { DataDirectory = Path.Combine(dataFolder, "postgres") };
        var kafkaOptions = new KafkaBrokerOptions { DataDirectory = Path.Combine(dataFolder, "kafka") };
        var kafka = withKafka ? KafkaBroker.StartAsync(kafkaOptions, cancellation) : null;
        var postgres = PostgresCluster.StartAsync(postgresOptions, cancellation);
        try
        {
            await Task.WhenAll(postgres, kafka ?? Task.CompletedTask);
        }
        catch
        {
            await StopStartedAsync(postgres, kafka);
            throw;
        }

        var cluster = await postgres;
        if (cluster.IsElsewhere)
        {
            await Console.Error.WriteLineAsync(
                $"The user that runs PostgreSQL cannot reach {dataFolder}: its data is in {cluster.ClusterDirectory}.");
        }

        return new ServerGroup(dataFolder, cluster, kafka is null ? null : await kafka);
    }

    /// <summary>Runs work that needs the servers, and restarts servers that stop. If a restart fails, the work is cancelled.</summary>
    /// <exception cref="LocalServerException">A server does not stay up.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var restarters = Task.WhenAll(All.Select(server => KeepRunningAsync(server, ended)));
        try
        {
            await work(ended.Token);
        }
        catch (Exception) when (ended.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // The work failed because a server is gone. The reason comes from the restarter.
        }
        finally
        {
            await ended.CancelAsync();
            await restarters.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await restarters;
    }

    public async ValueTask DisposeAsync()
    {
        Endpoints.Remove(dataFolder);
        await Task.WhenAll(All.Select(server => server.DisposeAsync().AsTask()));
    }

    private static async Task KeepRunningAsync(ILocalServer server, CancellationTokenSource ended)
    {
        try
        {
            await new ServerRestarter(server, Console.Error.WriteLine, TimeProvider.System).RunAsync(ended.Token);
        }
        catch
        {
            await ended.CancelAsync();
            throw;
        }
    }

    // One of the two failed to start.
    private static async Task StopStartedAsync(Task<PostgresCluster> postgres, Task<KafkaBroker>? kafka)
    {
        if (postgres.IsCompletedSuccessfully)
            await (await postgres).DisposeAsync();
        if (kafka is { IsCompletedSuccessfully: true })
            await (await kafka).DisposeAsync();
    }
}
