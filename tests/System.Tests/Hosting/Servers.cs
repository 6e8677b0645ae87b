using System.Collections.Concurrent;
using System.Globalization;
using Monolith.BuildingBlocks.LocalServers;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests.Hosting;

/// <summary>
/// The servers that all tests share: one PostgreSQL, started with the first test; one Elasticsearch, started on demand; and as many
/// Kafka brokers as there are concurrent tests that need one. Topic names are fixed, so that a test uses its broker exclusively while
/// it runs.
/// </summary>
public sealed class Servers : IAsyncLifetime
{
    /// <summary>The collection of tests that use Elasticsearch.</summary>
    public const string ElasticsearchTurns = "Elasticsearch";

    private const string Template = "migrated";

    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentQueue<KafkaBroker> idle = [];
    private readonly ConcurrentBag<KafkaBroker> brokers = [];
    private readonly TestElasticsearch elasticsearch = new();
    private PostgresCluster postgres = null!;
    private int folders;
    private int databases;

    public async ValueTask InitializeAsync()
    {
        postgres =
            await PostgresCluster.StartAsync(new() { DataDirectory = folder.Below("postgres"), Database = Template, Durable = false });
        await HostProcess.RunVerbAsync(
            new Dictionary<string, string> { ["ConnectionStrings__Monolith"] = postgres.ConnectionString }, "migrate");
    }

    /// <summary>Creates a migrated database for a test and returns its connection string as superuser.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref databases)}");
        await using var administrator = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "postgres", Pooling = false });
        await using var create = administrator.CreateCommand($"create database {name} template {Template}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>
    /// The Elasticsearch server and the index name prefix of a test. Tests that use it run one after the other
    /// (<see cref="ElasticsearchTurns"/>): some of them kill it.
    /// </summary>
    public async Task<(ElasticsearchServer Server, string Prefix)> ElasticsearchAsync() =>
        (await elasticsearch.ServerAsync(), elasticsearch.NewPrefix());

    /// <summary>A broker that the test may kill.</summary>
    public static Task<KafkaBroker> StartKafkaAsync(string folder) =>
        KafkaBroker.StartAsync(new() { DataDirectory = folder, KafkaHome = Required.Kafka(), IsShortLived = true });

    /// <summary>A broker without the topics of earlier tests, until it is released.</summary>
    public async Task<BorrowedBroker> KafkaAsync()
    {
        if (!idle.TryDequeue(out var broker))
        {
            broker = await StartKafkaAsync(folder.Below($"kafka-{Interlocked.Increment(ref folders)}"));
            brokers.Add(broker);
        }

        await new Topics(broker.BootstrapServers).DeleteAllAsync();
        return new BorrowedBroker(broker.BootstrapServers, () => idle.Enqueue(broker));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in brokers)
            await broker.DisposeAsync();
        await elasticsearch.DisposeAsync();
        await postgres.DisposeAsync();
        folder.Dispose();
    }
}
