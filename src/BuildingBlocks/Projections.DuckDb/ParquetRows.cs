using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>The rows of a Parquet file. They are buffered on the disk, so memory does not grow with their number.</summary>
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
        instance.Attach(BufferPath, catalog);
        connection = instance.Connect();
        connection.Execute($"create table {catalog}.main.buffer ({string.Join(", ", columns.UncompressedDefinitions)})");
        appender = connection.CreateAppender(catalog, "main", "buffer");
    }

    private string BufferPath => path + ".duckdb";

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row.</param>
    public void Append(TRow row)
    {
        var line = appender!.CreateRow();
        columns.Append(line, row);
        line.EndRow();
    }

    /// <summary>Writes the file.</summary>
    /// <param name="cancellation">Cancels the operation; the file is then incomplete.</param>
    public void Write(CancellationToken cancellation)
    {
        CloseAppender();
        connection.WriteParquet($"select * from {catalog}.main.buffer", path, cancellation);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        CloseAppender();
        connection.Dispose();
        instance.Detach(catalog);
        DuckDbFile.Delete(BufferPath);
    }

    private void CloseAppender()
    {
        appender?.Dispose();
        appender = null;
    }
}
