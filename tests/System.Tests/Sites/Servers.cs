using System.Globalization;
using Monolith.BuildingBlocks.Embedded;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests.Sites;

/// <summary>The servers that all tests share: one PostgreSQL, started with the first test, and one Kafka, started with the first test that wants it.</summary>
public sealed class Servers : IAsyncLifetime
{
    private const string Template = "migrated";

    private readonly TemporaryFolder folder = new();
    private PostgresCluster postgres = null!;
    private KafkaBroker? kafka;
    private int databases;

    public async ValueTask InitializeAsync()
    {
        postgres = await PostgresCluster.StartAsync(new() { DataDirectory = folder.Below("postgres"), Database = Template, Durable = false });
        await HostProcess.RunVerbAsync(new Dictionary<string, string> { ["ConnectionStrings__Monolith"] = postgres.ConnectionString }, "migrate");
    }

    /// <summary>A migrated database of its own for a test; its connection string, as superuser.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{++databases}");
        await using var administrator = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "postgres", Pooling = false });
        await using var create = administrator.CreateCommand($"create database {name} template {Template}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>The shared Kafka, without the topics of earlier tests.</summary>
    public async Task<KafkaBroker> KafkaAsync()
    {
        kafka ??= await KafkaBroker.StartAsync(new() { DataDirectory = folder.Below("kafka"), KafkaHome = Required.Kafka() });
        await new Topics(kafka.BootstrapServers).DeleteAllAsync();
        return kafka;
    }

    public async ValueTask DisposeAsync()
    {
        if (kafka is not null)
            await kafka.DisposeAsync();
        await postgres.DisposeAsync();
        folder.Dispose();
    }
}
