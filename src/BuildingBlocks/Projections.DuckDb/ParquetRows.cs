using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Rows on their way into a Parquet file. They wait on the disk, so that memory stays bounded however many there are.</summary>
/// <typeparam name="TRow">A row.</typeparam>
public sealed class ParquetRows<TRow> : IDisposable
{
    private readonly DuckDbInstance instance;
    private readonly string path;
    private readonly string catalog;
    private readonly DuckDbColumns<TRow> columns;
    private readonly DuckDBConnection connection;
    private DuckDBAppender? appender;

    internal ParquetRows(DuckDbInstance instance, string path, string catalog, DuckDbColumns<TRow> columns)
    {
        this.instance = instance;
        this.path = path;
        this.catalog = catalog;
        this.columns = columns;
        instance.Attach(Aside, catalog);
        connection = instance.Connect();
        connection.Execute($"create table {catalog}.main.waiting ({string.Join(", ", columns.PassingDefinitions)})");
        appender = connection.CreateAppender(catalog, "main", "waiting");
    }

    private string Aside => path + ".duckdb";

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row.</param>
    public void Append(TRow row)
    {
        var line = appender!.CreateRow();
        columns.Append(line, row);
        line.EndRow();
    }

    /// <summary>Writes the file.</summary>
    /// <param name="cancellation">Ends it; the file is then incomplete.</param>
    public void Write(CancellationToken cancellation)
    {
        End();
        connection.WriteParquet($"select * from {catalog}.main.waiting", path, cancellation);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        End();
        connection.Dispose();
        instance.Detach(catalog);
        DuckDbFile.Delete(Aside);
    }

    private void End()
    {
        appender?.Dispose();
        appender = null;
    }
}
