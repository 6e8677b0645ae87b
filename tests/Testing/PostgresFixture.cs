using Monolith.BuildingBlocks.LocalServers;
using Npgsql;
using Respawn;

namespace Monolith.Testing;

/// <summary>A private PostgreSQL for one test assembly, emptied between tests.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    // Tables that migrations fill and that remain after a test.
    private static readonly string[] KeptTables = ["__migrations", "partitions", "relay_leases"];

    private readonly TemporaryFolder folder;
    private readonly PostgresCluster cluster;
    private Respawner? respawner;

    private PostgresFixture(TemporaryFolder folder, PostgresCluster cluster)
    {
        this.folder = folder;
        this.cluster = cluster;
        // Rows of a log can be deleted only in the replica role: its triggers do not fire there.
        Superuser = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString)
            {
                Options = "-c session_replication_role=replica",
                MaxPoolSize = 5,
            });
    }

    /// <summary>The connection string of the superuser.</summary>
    public string ConnectionString => cluster.ConnectionString;

    /// <summary>Connections of the superuser, for which no trigger fires.</summary>
    public NpgsqlDataSource Superuser { get; }

    public static async Task<PostgresFixture> StartAsync()
    {
        var folder = new TemporaryFolder();
        return new PostgresFixture(
            folder, await PostgresCluster.StartAsync(new PostgresClusterOptions { DataDirectory = folder.Path, Durable = false }));
    }

    /// <summary>Empties the schemas and sets their logs back to offset 0.</summary>
    public async Task ResetAsync(params string[] schemas)
    {
        await using var connection = await Superuser.OpenConnectionAsync();
        respawner ??= await Respawner.CreateAsync(connection, new RespawnerOptions
        {
            DbAdapter = DbAdapter.Postgres,
            SchemasToInclude = schemas,
            TablesToIgnore = [.. KeptTables.Select(table => new Respawn.Graph.Table(table))],
        });
        await respawner.ResetAsync(connection);
        foreach (var schema in schemas.Where(schema => !schema.EndsWith("_read", StringComparison.Ordinal)))
            await ExecuteAsync($"update {schema}.partitions set next_offset = 0 where next_offset > 0");
    }

    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = Superuser.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Returns the first column of every row.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql)
    {
        await using var command = Superuser.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await reader.ReadAsync())
            values.Add(await reader.GetFieldValueAsync<T>(0));
        return values;
    }

    public async Task<T> ScalarAsync<T>(string sql) => (await QueryAsync<T>(sql)).Single();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Superuser.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await cluster.DisposeAsync();
        folder.Dispose();
    }
}
