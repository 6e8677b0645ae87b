using Monolith.BuildingBlocks.Embedded;

namespace Monolith.Host.Cli;

/// <summary>The private servers of one data folder.</summary>
internal sealed class LocalServers : IAsyncDisposable
{
    private readonly string dataFolder;
    private readonly PostgresCluster postgres;
    private readonly KafkaBroker? kafka;

    private LocalServers(string dataFolder, PostgresCluster postgres, KafkaBroker? kafka)
    {
        this.dataFolder = dataFolder;
        this.postgres = postgres;
        this.kafka = kafka;
    }

    public Endpoints Endpoints => new(Http: null, postgres.ConnectionString, kafka?.BootstrapServers);

    private IEnumerable<IPrivateServer> All => kafka is null ? [postgres] : [postgres, kafka];

    public static async Task<LocalServers> StartAsync(string dataFolder, bool withKafka, CancellationToken cancellation)
    {
        dataFolder = Path.GetFullPath(dataFolder);
        var kafka = withKafka ? KafkaBroker.StartAsync(new KafkaBrokerOptions { DataDirectory = Path.Combine(dataFolder, "kafka") }, cancellation) : null;
        var postgres = PostgresCluster.StartAsync(new PostgresClusterOptions { DataDirectory = Path.Combine(dataFolder, "postgres") }, cancellation);
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
            await Console.Error.WriteLineAsync($"The user that runs PostgreSQL cannot reach {dataFolder}: its data is in {cluster.ClusterDirectory}.");
        return new LocalServers(dataFolder, cluster, kafka is null ? null : await kafka);
    }

    /// <summary>
    /// Runs what needs the servers, and restarts a server that stops meanwhile. Where that fails repeatedly, the work is cancelled.
    /// </summary>
    /// <exception cref="LocalServerException">A server does not stay up.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watches = Task.WhenAll(All.Select(server => WatchAsync(server, ended)));
        try
        {
            await work(ended.Token);
        }
        catch (Exception) when (ended.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // A server does not stay up: the watch has the reason, and the work fails only for lack of that server.
        }
        finally
        {
            await ended.CancelAsync();
            await watches.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await watches;
    }

    public async ValueTask DisposeAsync()
    {
        Endpoints.Remove(dataFolder);
        await Task.WhenAll(All.Select(server => server.DisposeAsync().AsTask()));
    }

    private static async Task WatchAsync(IPrivateServer server, CancellationTokenSource ended)
    {
        try
        {
            await new ServerWatch(server, Console.Error.WriteLine, TimeProvider.System).RunAsync(ended.Token);
        }
        catch
        {
            await ended.CancelAsync();
            throw;
        }
    }

    // One of the two failed: the other must not stay.
    private static async Task StopStartedAsync(Task<PostgresCluster> postgres, Task<KafkaBroker>? kafka)
    {
        if (postgres.IsCompletedSuccessfully)
            await (await postgres).DisposeAsync();
        if (kafka is { IsCompletedSuccessfully: true })
            await (await kafka).DisposeAsync();
    }
}
