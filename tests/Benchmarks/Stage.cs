using Monolith.Benchmarks.Running;
using Monolith.BuildingBlocks.LocalServers;

namespace Monolith.Benchmarks;

/// <summary>The private servers of one benchmark in a temporary folder, which is deleted at the end.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly string folder;
    private readonly PostgresCluster postgres;
    private KafkaBroker? kafka;
    private int databases;

    private Stage(Scale scale, string folder, PostgresCluster postgres)
    {
        Scale = scale;
        this.folder = folder;
        this.postgres = postgres;
        Server = new Database(postgres.ConnectionString);
    }

    public Scale Scale { get; }

    /// <summary>The maintenance database of the cluster, for statements that concern all databases.</summary>
    public Database Server { get; }

    public int PostmasterId => postgres.ProcessId;

    /// <summary>Starts PostgreSQL as ./run does: commits are flushed to disk.</summary>
    public static async Task<Stage> SetAsync(Scale scale, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("monolith-bench-").FullName;
        // As root, PostgreSQL runs as another user, which cannot read a folder with the default mode.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
        try
        {
            var postgres = await PostgresCluster.StartAsync(
                new PostgresClusterOptions { DataDirectory = Path.Combine(folder, "postgres"), Durable = true }, cancellation);
            return new Stage(scale, folder, postgres);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A path below the stage's folder.</summary>
    public string Below(string name) => Path.Combine(folder, name);

    /// <summary>An empty database.</summary>
    public async Task<Database> NewDatabaseAsync(CancellationToken cancellation)
    {
        var name = $"bench_{++databases}";
        await Server.ExecuteAsync($"create database {name}", cancellation);
        return Server.Named(name);
    }

    /// <summary>The Kafka node, started on first use.</summary>
    public async Task<string> KafkaAsync(CancellationToken cancellation)
    {
        kafka ??= await KafkaBroker.StartAsync(new KafkaBrokerOptions { DataDirectory = Path.Combine(folder, "kafka") }, cancellation);
        return kafka.BootstrapServers;
    }

    public async ValueTask DisposeAsync()
    {
        if (kafka is not null)
            await kafka.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
