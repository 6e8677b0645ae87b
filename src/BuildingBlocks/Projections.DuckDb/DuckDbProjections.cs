using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Registers DuckDB as the store of a projection.</summary>
public static class DuckDbProjections
{
    /// <summary>The settings of DuckDB.</summary>
    public static IReadOnlyList<Setting> Settings => [DuckDbSettings.MaxMemory, DuckDbSettings.QueryThreads];

    /// <summary>Stores the rows in DuckDB files of this process and starts the projection with the host.</summary>
    /// <typeparam name="TKey">The key of a row.</typeparam>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="projection">The projection.</param>
    /// <param name="tables">The tables of the rows.</param>
    /// <exception cref="InvalidOperationException">The registration is inconsistent.</exception>
    public static void ToDuckDb<TKey, TRow>(this ProjectionBuilder projection, DuckDbTables<TKey, TRow> tables)
        where TKey : struct, IEquatable<TKey>
        where TRow : class => projection.To(new DuckDbStoreProvider<TKey, TRow>(tables));
}
