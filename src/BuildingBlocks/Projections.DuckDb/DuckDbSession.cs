using System.Globalization;
using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Reads projections in one transaction, with a consistent view. It does not block writers.</summary>
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
        // Read before the transaction starts: rows that are committed in between are visible, and a later session has another state.
        State = string.Join(' ', files.Values.Select(file => file.LastCommit));
        transaction = connection.BeginTransaction();
    }

    /// <summary>
    /// Identifies the visible rows: if two sessions of a process have the same state, no row has changed between them.
    /// </summary>
    public string State { get; }

    /// <summary>The qualified name of a table.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="table">The table.</param>
    public string Table(string projection, string table) => $"{files[projection].Catalog}.main.\"{table}\"";

    /// <summary>Runs a query and streams its result.</summary>
    /// <param name="sql">The query, with <c>$1</c> and so on for its parameters.</param>
    /// <param name="parameters">The values of the parameters: strings, numbers, times, UUIDs.</param>
    /// <param name="cancellation">Cancels the query.</param>
    /// <returns>The rows of the result; each is valid until the next one.</returns>
    public IEnumerable<DuckDbLine> Query(string sql, IReadOnlyList<object> parameters, CancellationToken cancellation)
    {
        using var command = connection.Command(
            sql, [.. parameters.Select(value => new DuckDBParameter(value is DateTimeOffset time ? time.UtcDateTime : value))]);
        command.Transaction = transaction;
        command.UseStreamingMode = true;
        using var registration = cancellation.Register(command.Cancel);
        using var reader = DuckDbCommands.Cancelable(command.ExecuteReader, cancellation);
        var lines = new DuckDbLine(reader);
        while (DuckDbCommands.Cancelable(lines.Read, cancellation))
            yield return lines;
    }

    /// <summary>Writes the result of a query to a Parquet file.</summary>
    /// <param name="sql">The query, with values as literals (see <see cref="Literal"/>).</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Cancels the operation; the file is then incomplete.</param>
    public void WriteParquet(string sql, string path, CancellationToken cancellation) =>
        connection.WriteParquet(sql, path, cancellation);

    /// <summary>A time as an SQL literal.</summary>
    /// <param name="time">The time.</param>
    public static string Literal(DateTimeOffset time) =>
        $"timestamp '{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";

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
