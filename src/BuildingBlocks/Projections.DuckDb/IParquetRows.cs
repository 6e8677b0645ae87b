using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Writes Parquet files of rows that are in no store.</summary>
public interface IParquetRows
{
    /// <summary>Starts a file. Its rows are buffered in a second file next to it.</summary>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns.</param>
    ParquetRows<TRow> Begin<TRow>(string path, DuckDbColumns<TRow> columns);
}

internal sealed class ParquetRowsFactory(DuckDbInstance instance) : IParquetRows
{
    private long count;

    public ParquetRows<TRow> Begin<TRow>(string path, DuckDbColumns<TRow> columns) =>
        new(instance, path, $"parquet_{Interlocked.Increment(ref count)}", columns);
}
