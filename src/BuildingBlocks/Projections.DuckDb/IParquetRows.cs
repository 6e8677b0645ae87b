using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Makes Parquet files of rows that are in no store.</summary>
public interface IParquetRows
{
    /// <summary>Begins a file; its rows wait in another file beside it until they are written.</summary>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="columns">Its columns.</param>
    ParquetRows<TRow> Begin<TRow>(string path, DuckDbColumns<TRow> columns);
}
