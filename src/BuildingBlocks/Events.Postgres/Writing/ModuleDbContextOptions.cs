using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>Configures the DbContext of a module, for the host, for migrations and at design time.</summary>
public static class ModuleDbContextOptions
{
    internal const string HistoryTable = "__migrations";

    /// <summary>Sets up a context for dotnet-ef, which compares models and opens no connection.</summary>
    /// <typeparam name="TContext">The module's context.</typeparam>
    /// <param name="schema">The module's schema.</param>
    public static DbContextOptions<TContext> AtDesignTime<TContext>(string schema)
        where TContext : ModuleDbContext
    {
        var options = new DbContextOptionsBuilder<TContext>();
        options.UseModuleDatabase(new NpgsqlDataSourceBuilder("Host=nowhere") { Name = "design time" }.Build(), schema);
        return options.Options;
    }

    /// <summary>Configures the context to use the module's database.</summary>
    /// <param name="options">The options.</param>
    /// <param name="dataSource">The data source of the module.</param>
    /// <param name="schema">The module's schema.</param>
    public static DbContextOptionsBuilder UseModuleDatabase(
        this DbContextOptionsBuilder options, NpgsqlDataSource dataSource, string schema) => options
        .UseNpgsql(dataSource, npgsql => npgsql.MigrationsHistoryTable(HistoryTable, schema).MinBatchSize(1))
        .UseSnakeCaseNamingConvention()
        // Conflicts and violated constraints are expected outcomes. The pipeline decides what is logged.
        .ConfigureWarnings(warnings => warnings.Log(
            (CoreEventId.SaveChangesFailed, LogLevel.Debug),
            (CoreEventId.OptimisticConcurrencyException, LogLevel.Debug),
            (RelationalEventId.CommandError, LogLevel.Debug)))
        .ReplaceService<IComparer<IReadOnlyModificationCommand>, EventsLast>();
}
