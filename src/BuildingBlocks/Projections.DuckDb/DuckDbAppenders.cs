using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Appends rows to the tables of a generation, in the transaction of its writer.</summary>
internal sealed class DuckDbAppenders<TKey, TRow> : IDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly DuckDbTables<TKey, TRow> tables;
    private readonly DuckDBAppender main;
    private readonly (DuckDbChildTable<TKey, TRow> Table, DuckDBAppender Appender, int Extra)[] children;
    private readonly int extra;
    private bool isComplete;

    public DuckDbAppenders(DuckDbFile.WriteLease lease, DuckDbTables<TKey, TRow> tables)
    {
        this.tables = tables;
        var catalog = lease.File.Catalog;
        main = lease.Writer.CreateAppender(catalog, "main", tables.Name);
        extra = lease.File.ExtraColumns.GetValueOrDefault(tables.Name);
        children =
        [
            .. tables.Children.Select(child => (
                child, lease.Writer.CreateAppender(catalog, "main", child.Name), lease.File.ExtraColumns.GetValueOrDefault(child.Name))),
        ];
    }

    public void Append(TRow row, Func<DuckDbChildTable<TKey, TRow>, bool>? which = null)
    {
        var key = tables.KeyOf(row);
        var line = main.CreateRow();
        DuckDbKey<TKey>.Default.Append(line, key);
        tables.Columns.Append(line, row);
        for (var i = 0; i < extra; i++)
            line.AppendNullValue();
        line.EndRow();
        foreach (var (table, appender, more) in children)
        {
            if (which is null || which(table))
                table.Append(appender, key, row, more);
        }
    }

    /// <summary>Flushes all appended rows.</summary>
    public void Complete()
    {
        main.Close();
        foreach (var (_, appender, _) in children)
            appender.Close();
        isComplete = true;
    }

    public void Dispose()
    {
        Close(main);
        foreach (var (_, appender, _) in children)
            Close(appender);
    }

    // An incomplete append is rolled back; the exception that caused it is the one to report.
    private void Close(DuckDBAppender appender)
    {
        try
        {
            appender.Dispose();
        }
        catch (DuckDBException) when (!isComplete)
        {
        }
    }
}
