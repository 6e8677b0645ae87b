using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Npgsql;

namespace Monolith.Testing.Events;

/// <summary>The sample modules Shop and Depot in one database, as seen by one process.</summary>
internal sealed class SampleDatabase : SampleLogs
{
    public const string ReadSchema = "shop_read";

    private readonly string connectionString;
    private readonly string suffix;
    private readonly Func<Task> drop;

    /// <param name="connectionString">The connection string of the superuser.</param>
    /// <param name="suffix">Makes the names of the logs and topics unique to the test.</param>
    /// <param name="drop">Drops the database after the test; null where another user of the database does.</param>
    public SampleDatabase(string connectionString, string suffix, Func<Task>? drop = null)
    {
        this.connectionString = connectionString;
        this.suffix = suffix;
        this.drop = drop ?? (() => Task.CompletedTask);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Monolith", connectionString)]).Build();
        Shop = new PostgresLog(new ModuleDatabase("Shop", configuration), SampleCatalogues.Shop($"shop{suffix}.events"), Partitions);
        Depot = new PostgresLog(new ModuleDatabase("Depot", configuration), SampleCatalogues.Depot($"depot{suffix}.events"), Partitions);
        Superuser = NpgsqlDataSource.Create(connectionString);
    }

    public override PostgresLog Shop { get; }

    public override PostgresLog Depot { get; }

    public NpgsqlDataSource Superuser { get; }

    /// <summary>The same database as seen by another process.</summary>
    public SampleDatabase OfAnotherProcess() => new(connectionString, suffix);

    public async Task<IReadOnlyList<string>> MigrateAsync() =>
    [
        .. await new ModuleMigration<ShopDbContext>(Shop, new ReadSchema("Shop")).ApplyAsync(CancellationToken.None),
        .. await new ModuleMigration<DepotDbContext>(Depot, null).ApplyAsync(CancellationToken.None),
    ];

    public async Task ExecuteAsync(string sql, string? role = null)
    {
        await using var connection = new NpgsqlConnection(role is null ? connectionString : Shop.Database.ConnectionStringOf(role));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

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

    public static Task<IReadOnlyList<long>> HeadsAsync(PostgresLog log) =>
        new PostgresLogReader(log, log.Database.Reader).HeadsAsync(CancellationToken.None);

    public override IEventTransport NewTransport() => new InProcessTransport([Shop, Depot]);

    public override SampleWriter WriterOf(IEventLog log) => new PostgresWriter((PostgresLog)log);

    public override async Task RemoveAsync(IEventLog log, PartitionOffset offset)
    {
        var events = $"{((PostgresLog)log).Database.Schema}.events";
        await using var connection = await Superuser.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            set session_replication_role = replica;
            delete from {events} where partition = {offset.Partition} and "offset" = {offset.Offset};
            reset session_replication_role
            """;
        await command.ExecuteNonQueryAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await Shop.Database.DisposeAsync();
        await Depot.Database.DisposeAsync();
        await Superuser.DisposeAsync();
        await drop();
    }
}
