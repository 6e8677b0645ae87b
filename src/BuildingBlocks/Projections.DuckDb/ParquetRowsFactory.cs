using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Makes Parquet files with the process's DuckDB.</summary>
internal sealed class ParquetRowsFactory(DuckDbInstance instance) : IParquetRows
{
    private long made;

    public ParquetRows<TRow> Begin<TRow>(string path, DuckDbColumns<TRow> columns) => new(instance, path, $"parquet_{Interlocked.Increment(ref made)}", columns);
}
