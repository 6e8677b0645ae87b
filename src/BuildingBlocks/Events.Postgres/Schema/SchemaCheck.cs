using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Schema;

/// <summary>Prevents the start on a database that is not migrated, or whose log has another number of partitions than configured.</summary>
internal sealed class SchemaCheck<TContext>(PostgresLog log, IServiceScopeFactory scopes) : IHostedLifecycleService
    where TContext : ModuleDbContext
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckMigrationsAsync(cancellationToken);
            await CheckPartitionsAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState
            is PostgresErrorCodes.UndefinedTable
            or PostgresErrorCodes.InvalidSchemaName
            or PostgresErrorCodes.InvalidPassword
            or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SchemaOutOfDateException(
                $"The database of {log.Database.Module} is not set up for the role {log.Database.AppRole} ({exception.MessageText}): "
                + "run the verb 'migrate'.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CheckMigrationsAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var known = scope.ServiceProvider.GetRequiredService<TContext>().Database.GetMigrations();
        var applied = new HashSet<string>();
        var sql = $"select migration_id from {log.Database.Schema}.{ModuleDbContextOptions.HistoryTable}";
        await using (var command = log.Database.App.CreateCommand(sql))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                applied.Add(reader.GetString(0));
        }

        if (known.FirstOrDefault(migration => !applied.Contains(migration)) is { } missing)
            throw new SchemaOutOfDateException($"The schema {log.Database.Schema} lacks the migration {missing}: run the verb 'migrate'.");
    }

    private async Task CheckPartitionsAsync(CancellationToken cancellation)
    {
        var partitions = (await new PostgresLogReader(log, log.Database.Reader).HeadsAsync(cancellation)).Count;
        if (partitions != log.Partitions)
        {
            throw new SchemaOutOfDateException(
                $"The log of {log.Database.Module} has {partitions} partitions, the setting Log__Partitions says {log.Partitions}: "
                + $"the number is fixed when the log is created. Set Log__Partitions={partitions}.");
        }
    }
}

/// <summary>The database does not have the schema that this binary needs.</summary>
/// <param name="message">What is missing and what to do.</param>
public sealed class SchemaOutOfDateException(string message) : Exception(message);
