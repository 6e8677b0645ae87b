using DuckDB.NET.Data;

namespace Monolith.BuildingBlocks.Projections.DuckDb.Tables;

/// <summary>The columns of a table in order: name, type and value.</summary>
/// <typeparam name="TItem">The item of a table row.</typeparam>
public sealed class DuckDbColumns<TItem>
{
    // Decimals with more digits are stored as 128-bit integers.
    private const int Max64BitDigits = 18;

    private readonly List<(string Name, string Type, bool IsWide, Action<IDuckDBAppenderRow, TItem> Append)> columns = [];

    internal IEnumerable<string> Names => columns.Select(column => column.Name);

    internal IEnumerable<string> Definitions =>
        columns.Select(column => Definition(column.Name, column.Type, isUncompressed: column.IsWide));

    /// <summary>Definitions without compression, for rows that are read only once.</summary>
    internal IEnumerable<string> UncompressedDefinitions =>
        columns.Select(column => Definition(column.Name, column.Type, isUncompressed: true));

    /// <summary>A UUID.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Uuid(string name, Func<TItem, Guid?> value) =>
        Add(name, "uuid", (row, item) => row.AppendValue(value(item)), isWide: true);

    /// <summary>A string.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Text(string name, Func<TItem, string?> value) =>
        Add(name, "varchar", (row, item) => row.AppendValue(value(item)));

    /// <summary>A 32-bit integer.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Whole(string name, Func<TItem, int?> value) =>
        Add(name, "integer", (row, item) => row.AppendValue(value(item)));

    /// <summary>A 64-bit integer.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Large(string name, Func<TItem, long?> value) =>
        Add(name, "bigint", (row, item) => row.AppendValue(value(item)));

    /// <summary>A Boolean.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Flag(string name, Func<TItem, bool?> value) =>
        Add(name, "boolean", (row, item) => row.AppendValue(value(item)));

    /// <summary>A decimal.</summary>
    /// <param name="name">The column.</param>
    /// <param name="precision">The maximum number of digits; up to 18 take 8 bytes.</param>
    /// <param name="scale">The number of digits after the decimal point.</param>
    /// <param name="value">Its value; one with more digits is rejected.</param>
    public DuckDbColumns<TItem> Exact(string name, int precision, int scale, Func<TItem, decimal?> value)
    {
        var limit = 1m;
        for (var digit = scale; digit < precision; digit++)
            limit *= 10;
        // DuckDB would round a number that does not fit.
        return Add(name, $"decimal({precision},{scale})", (row, item) => row.AppendValue(value(item) switch
        {
            { } number when Math.Abs(number) >= limit || decimal.Round(number, scale) != number =>
                throw new OverflowException(
                    $"The column {name} takes {precision} digits, {scale} of them behind the point; a value has others."),
            var number => number,
        }), precision > Max64BitDigits);
    }

    /// <summary>A date.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Date(string name, Func<TItem, DateOnly?> value) =>
        Add(name, "date", (row, item) => row.AppendValue(value(item)));

    /// <summary>A time, stored in UTC with microsecond precision.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Time(string name, Func<TItem, DateTimeOffset?> value) =>
        Add(name, "timestamp", (row, item) => row.AppendValue(value(item)?.UtcDateTime));

    internal DuckDbColumns<TItem> Blob(string name, Func<TItem, byte[]?> value) =>
        Add(name, "blob", (row, item) => row.AppendValue(value(item)));

    internal void Append(IDuckDBAppenderRow row, TItem item)
    {
        foreach (var (_, _, _, append) in columns)
            append(row, item);
    }

    /// <summary>The definition of a column in a statement.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="isUncompressed">
    /// Whether values are stored without compression. DuckDB decompresses 128-bit values (UUIDs, long decimals) slowly: a sum takes ten
    /// times as long.
    /// </param>
    internal static string Definition(string name, string type, bool isUncompressed) =>
        $"\"{name}\" {type}{(isUncompressed ? " using compression uncompressed" : "")}";

    private DuckDbColumns<TItem> Add(string name, string type, Action<IDuckDBAppenderRow, TItem> append, bool isWide = false)
    {
        columns.Add((name, type, isWide, append));
        return this;
    }
}
