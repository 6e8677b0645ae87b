using System.Collections.Concurrent;
using System.Globalization;
using Monolith.BuildingBlocks.LocalServers;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests.Sites;

/// <summary>
/// The servers that all tests share: one PostgreSQL, started with the first test, one Elasticsearch, started when it is wanted, and as many
/// brokers of Kafka as tests that want one run at a time. The names of topics are fixed, so that a broker is one test's alone while it
/// runs.
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

    /// <summary>A migrated database of its own for a test; its connection string, as superuser.</summary>
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
    /// An Elasticsearch, and what the names of a test's own indexes begin with. Tests that use it come one after the other
    /// (<see cref="ElasticsearchTurns"/>): some of them kill it.
    /// </summary>
    public async Task<(ElasticsearchServer Server, string Prefix)> ElasticsearchAsync() =>
        (await elasticsearch.ServerAsync(), elasticsearch.NewPrefix());

    /// <summary>A broker that its test may kill.</summary>
    public static Task<KafkaBroker> StartKafkaAsync(string folder) =>
        KafkaBroker.StartAsync(new() { DataDirectory = folder, KafkaHome = Required.Kafka(), IsShortLived = true });

    /// <summary>A broker without the topics of earlier tests, until it is given back.</summary>
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
