using Npgsql;

namespace Monolith.Testing.Events;

/// <summary>
/// A private PostgreSQL, started when the first test needs it. The sample modules are migrated once; each test gets a copy.
/// </summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private const string Template = "sample_template";

    private readonly SemaphoreSlim one = new(1);
    private PostgresFixture? server;
    private int databases;

    /// <summary>Creates a database with both sample modules and no events.</summary>
    internal async Task<SampleDatabase> NewAsync()
    {
        await one.WaitAsync();
        try
        {
            server ??= await StartAsync();
            return await CreateAsync($"template {Template}");
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Creates an empty database.</summary>
    internal async Task<SampleDatabase> NewBareAsync()
    {
        await one.WaitAsync();
        try
        {
            server ??= await StartAsync();
            return await CreateAsync("");
        }
        finally
        {
            one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        one.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }

    private async Task<SampleDatabase> CreateAsync(string from)
    {
        var name = $"sample_{++databases}";
        await server!.ExecuteAsync($"create database {name} {from}");
        var address = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
        // Hundreds of databases would fill the disk.
        return new SampleDatabase(address, databases.ToString(), drop: () => server.ExecuteAsync($"drop database {name} with (force)"));
    }

    private static async Task<PostgresFixture> StartAsync()
    {
        var server = await PostgresFixture.StartAsync();
        await server.ExecuteAsync($"create database {Template}");
        // PostgreSQL cannot copy a database that has connections.
        await using var template = new SampleDatabase(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = Template, Pooling = false }.ConnectionString, "");
        await template.MigrateAsync();
        return server;
    }
}
