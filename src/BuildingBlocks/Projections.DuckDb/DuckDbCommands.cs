using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Extension methods to run statements.</summary>
internal static class DuckDbCommands
{
    private const int RowGroupSize = 100_000;

    public static int Execute(this DuckDBConnection connection, string sql, params DuckDBParameter[] parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static List<T> Query<T>(
        this DuckDBConnection connection, string sql, Func<DuckDbLine, T> read, params DuckDBParameter[] parameters)
    {
        var found = new List<T>();
        connection.Read(sql, lines =>
        {
            while (lines.Read())
                found.Add(read(lines));
        }, parameters);
        return found;
    }

    public static void Read(this DuckDBConnection connection, string sql, Action<DuckDbLine> read, params DuckDBParameter[] parameters)
    {
        using var command = connection.Command(sql, parameters);
        using var reader = command.ExecuteReader();
        read(new DuckDbLine(reader));
    }

    public static DuckDBCommand Command(this DuckDBConnection connection, string sql, DuckDBParameter[] parameters)
    {
        var command = connection.CreateCommand();
        // Table and column names are constants of declarations; all other values are parameters.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public static void WriteParquet(this DuckDBConnection connection, string sql, string path, CancellationToken cancellation)
    {
        using var command = connection.Command(
            $"""
            copy ({connection.WithTimesInUtc(sql)}) to '{path.Replace("'", "''", StringComparison.Ordinal)}'
            (format parquet, compression zstd, row_group_size {RowGroupSize})
            """,
            []);
        using var registration = cancellation.Register(command.Cancel);
        Cancelable(command.ExecuteNonQuery, cancellation);
    }

    /// <summary>
    /// Declares the times in the result of a query as UTC, since Parquet readers treat times without a zone as local time. A cast would
    /// interpret the stored time in the time zone of the machine.
    /// </summary>
    private static string WithTimesInUtc(this DuckDBConnection connection, string sql)
    {
        var times = connection.Query($"describe {sql}", line => (Name: line.Text(), Type: line.Text()))
            .Where(column => column.Type == "TIMESTAMP")
            .Select(column => $"make_timestamptz(epoch_us(\"{column.Name}\")) as \"{column.Name}\"")
            .ToArray();
        return times.Length == 0 ? sql : $"select * replace ({string.Join(", ", times)}) from ({sql})";
    }

    /// <summary>Translates the exception of a cancelled command.</summary>
    public static T Cancelable<T>(Func<T> work, CancellationToken cancellation)
    {
        try
        {
            return work();
        }
        catch (DuckDBException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }
}
