using System.Globalization;
using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>A read of some projections, in one transaction: what it sees does not change, and nobody waits for it.</summary>
public sealed class DuckDbSession : IDisposable
{
    private readonly DuckDBConnection connection;
    private readonly DuckDBTransaction transaction;
    private readonly IReadOnlyDictionary<string, DuckDbFile> files;
    private readonly Action left;

    internal DuckDbSession(DuckDBConnection connection, IReadOnlyDictionary<string, DuckDbFile> files, Action left)
    {
        this.connection = connection;
        this.files = files;
        this.left = left;
        // Before the transaction begins: rows that are committed in between are seen, and belong to the next state as well.
        State = string.Join(' ', files.Values.Select(file => file.LastCommit));
        transaction = connection.BeginTransaction();
    }

    /// <summary>
    /// Stands for the rows that the session sees: where two sessions of a process have the same, no row was changed between them.
    /// </summary>
    public string State { get; }

    /// <summary>A table of a projection, as it stands in a statement.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="table">The table.</param>
    public string Table(string projection, string table) => $"{files[projection].Catalog}.main.\"{table}\"";

    /// <summary>Runs a query; its result is never in memory as a whole.</summary>
    /// <param name="sql">The query, with <c>$1</c> and so on for its parameters.</param>
    /// <param name="parameters">Their values: texts, numbers, times, ids.</param>
    /// <param name="cancellation">Ends the query.</param>
    /// <returns>The lines of the result; each is good until the next.</returns>
    public IEnumerable<DuckDbLine> Query(string sql, IReadOnlyList<object> parameters, CancellationToken cancellation)
    {
        using var command = connection.Command(sql, [.. parameters.Select(value => new DuckDBParameter(value is DateTimeOffset time ? time.UtcDateTime : value))]);
        command.Transaction = transaction;
        command.UseStreamingMode = true;
        using var ends = cancellation.Register(command.Cancel);
        using var reader = DuckDbCommands.Endable(command.ExecuteReader, cancellation);
        var lines = new DuckDbLine(reader);
        while (DuckDbCommands.Endable(lines.Read, cancellation))
            yield return lines;
    }

    /// <summary>Writes the result of a query into a Parquet file.</summary>
    /// <param name="sql">The query. Values stand in it as literals of <see cref="Literal"/>.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Ends it; the file is then incomplete.</param>
    public void WriteParquet(string sql, string path, CancellationToken cancellation) => connection.WriteParquet(sql, path, cancellation);

    /// <summary>A time as it stands in a statement.</summary>
    /// <param name="time">The time.</param>
    public static string Literal(DateTimeOffset time) => $"timestamp '{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";

    /// <inheritdoc />
    public void Dispose()
    {
        transaction.Dispose();
        connection.Dispose();
        foreach (var file in files.Values)
            file.Leave();
        left();
    }
}
