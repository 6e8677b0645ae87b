using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>The one way in which a module's DbContext is set up, for the running host, for migrations and at design time.</summary>
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

    /// <summary>Sets up the context over the module's own connections.</summary>
    /// <param name="options">The options.</param>
    /// <param name="dataSource">The connections.</param>
    /// <param name="schema">The module's schema.</param>
    public static DbContextOptionsBuilder UseModuleDatabase(this DbContextOptionsBuilder options, NpgsqlDataSource dataSource, string schema) => options
        .UseNpgsql(dataSource, npgsql => npgsql.MigrationsHistoryTable(HistoryTable, schema).MinBatchSize(1))
        .UseSnakeCaseNamingConvention()
        // A lost race and a taken name are answers, not failures; the pipeline decides what is worth a line in the log.
        .ConfigureWarnings(warnings => warnings.Log(
            (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.OptimisticConcurrencyException, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)))
        .ReplaceService<IComparer<IReadOnlyModificationCommand>, EventsLast>();
}
