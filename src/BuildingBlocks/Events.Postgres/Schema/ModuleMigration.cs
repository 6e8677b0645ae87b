using Microsoft.EntityFrameworkCore;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Schema;

/// <summary>
/// Migrates a module's database, in one process at a time: roles and schemas as the administrator, tables as the owner.
/// </summary>
internal sealed class ModuleMigration<TContext>(PostgresLog log, ReadSchema? readSchema) : IModuleMigration
    where TContext : ModuleDbContext
{
    // An arbitrary constant that is not used for another advisory lock.
    private const long MigrationLock = 0x4D6F6E6F6C697468;

    private static readonly TimeSpan LockRetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly ModuleDatabase database = log.Database;

    public string Module => database.Module;

    public async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellation)
    {
        await using var server = database.CreateDataSource("migration", database.AdministratorConnectionString);
        await using var administrator = await server.OpenConnectionAsync(cancellation);
        await LockAsync(administrator, cancellation);
        try
        {
            await new ModuleRoles(database, readSchema).EnsureAsync(administrator, cancellation);
            await using var owner = database.CreateDataSource(database.OwnerRole, database.ConnectionStringOf(database.OwnerRole));
            var applied = await MigrateAsync(owner, cancellation);
            await EnsurePartitionsAsync(owner, cancellation);
            return applied;
        }
        finally
        {
            await Execute(administrator, $"select pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    // A statement that waits for the lock holds a snapshot. An index that the other process creates concurrently waits for that snapshot
    // to go, and PostgreSQL does not see that both wait for each other.
    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var take = new NpgsqlCommand($"select pg_try_advisory_lock({MigrationLock})", connection);
        while (!(bool)(await take.ExecuteScalarAsync(cancellation))!)
            await Task.Delay(LockRetryInterval, cancellation);
    }

    private async Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource owner, CancellationToken cancellation)
    {
        var options = new DbContextOptionsBuilder<TContext>();
        options.UseModuleDatabase(owner, database.Schema);
        await using var context = (TContext)Activator.CreateInstance(typeof(TContext), options.Options)!;
        // Creating an index on a large table may take long.
        context.Database.SetCommandTimeout(TimeSpan.Zero);

        var pending = (await context.Database.GetPendingMigrationsAsync(cancellation)).ToArray();
        if (pending.Length == 0)
            return pending;

        await context.Database.MigrateAsync(cancellation);
        await using var grant = owner.CreateCommand(
            $"grant select on {database.Schema}.{ModuleDbContextOptions.HistoryTable} to {database.AppRole}");
        await grant.ExecuteNonQueryAsync(cancellation);
        return pending;
    }

    private async Task EnsurePartitionsAsync(NpgsqlDataSource owner, CancellationToken cancellation)
    {
        await using var batch = owner.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            insert into {database.Schema}.partitions (partition)
            select generate_series(0, $1 - 1) where not exists (select from {database.Schema}.partitions)
            """)
        {
            Parameters = { new() { Value = log.Partitions } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            insert into {database.Schema}.relay_leases (partition)
            select partition from {database.Schema}.partitions on conflict do nothing
            """));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>Migrates the database of one module to the schema that this binary needs.</summary>
public interface IModuleMigration
{
    /// <summary>The name of the module.</summary>
    string Module { get; }

    /// <summary>
    /// Creates missing roles and schemas, and applies the pending migrations as the owner. The method can be called again, and by two
    /// processes at the same time.
    /// </summary>
    /// <param name="cancellation">Cancels the operation. Applied migrations stay applied.</param>
    /// <returns>The names of the applied migrations.</returns>
    Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellation);
}
