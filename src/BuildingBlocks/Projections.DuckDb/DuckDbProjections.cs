using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>The word for rows in DuckDB.</summary>
public static class DuckDbProjections
{
    /// <summary>The settings of DuckDB.</summary>
    public static IReadOnlyList<Setting> Settings => [DuckDbSettings.MostMemory, DuckDbSettings.QueryThreads];

    /// <summary>Keeps the rows in DuckDB, in files of this process, and starts the projection with the host.</summary>
    /// <typeparam name="TKey">The key of a row.</typeparam>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="projection">The projection.</param>
    /// <param name="tables">How its rows lie there.</param>
    /// <exception cref="InvalidOperationException">The registration contradicts itself; the message says how.</exception>
    public static void ToDuckDb<TKey, TRow>(this ProjectionBuilder projection, DuckDbTables<TKey, TRow> tables)
        where TKey : struct, IEquatable<TKey>
        where TRow : class => projection.To(new DuckDbStoreProvider<TKey, TRow>(tables));
}
