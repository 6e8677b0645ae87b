using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Update;
using Npgsql;

namespace Monolith.BuildingBlocks.EventLog.Writing;

/// <summary>The one way in which a module's DbContext is set up, for the running host, for migrations and at design time.</summary>
public static class ModuleDbContextOptions
{
    internal const string HistoryTable = "__migrations";

    /// <summary>Sets up the context over the module's own connections.</summary>
    /// <param name="options">The options.</param>
    /// <param name="dataSource">The connections.</param>
    /// <param name="schema">The module's schema.</param>
    public static DbContextOptionsBuilder UseModuleDatabase(this DbContextOptionsBuilder options, NpgsqlDataSource dataSource, string schema) => options
        .UseNpgsql(dataSource, npgsql => npgsql.MigrationsHistoryTable(HistoryTable, schema).MinBatchSize(1))
        .UseSnakeCaseNamingConvention()
        .ReplaceService<IComparer<IReadOnlyModificationCommand>, EventsLast>();
}
