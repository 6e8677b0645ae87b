using DuckDB.NET.Data;

namespace Monolith.BuildingBlocks.Projections.DuckDb.Tables;

/// <summary>The columns of a table, in order: their names, their types, and what of an item goes into them.</summary>
/// <typeparam name="TItem">What one line of the table is made of.</typeparam>
public sealed class DuckDbColumns<TItem>
{
    // Decimals with more digits are integers of 128 bits.
    private const int DigitsOfLarge = 18;

    private readonly List<(string Name, string Type, bool IsWide, Action<IDuckDBAppenderRow, TItem> Append)> columns = [];

    internal IEnumerable<string> Names => columns.Select(column => column.Name);

    internal IEnumerable<string> Definitions => columns.Select(column => Definition(column.Name, column.Type, isPlain: column.IsWide));

    /// <summary>The same for rows that are read once and gone: what compressing them would save costs more than it is worth.</summary>
    internal IEnumerable<string> PassingDefinitions => columns.Select(column => Definition(column.Name, column.Type, isPlain: true));

    /// <summary>A UUID.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Uuid(string name, Func<TItem, Guid?> value) => Add(name, "uuid", (row, item) => row.AppendValue(value(item)), isWide: true);

    /// <summary>A text.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Text(string name, Func<TItem, string?> value) => Add(name, "varchar", (row, item) => row.AppendValue(value(item)));

    /// <summary>A whole number of 32 bits.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Whole(string name, Func<TItem, int?> value) => Add(name, "integer", (row, item) => row.AppendValue(value(item)));

    /// <summary>A whole number of 64 bits.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Large(string name, Func<TItem, long?> value) => Add(name, "bigint", (row, item) => row.AppendValue(value(item)));

    /// <summary>A yes or no.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Flag(string name, Func<TItem, bool?> value) => Add(name, "boolean", (row, item) => row.AppendValue(value(item)));

    /// <summary>An exact decimal number.</summary>
    /// <param name="name">The column.</param>
    /// <param name="precision">How many digits it has at most; up to 18 it takes 8 bytes.</param>
    /// <param name="scale">How many of them are behind the point.</param>
    /// <param name="value">Its value; one with more digits is refused.</param>
    public DuckDbColumns<TItem> Exact(string name, int precision, int scale, Func<TItem, decimal?> value)
    {
        var most = 1m;
        for (var digit = scale; digit < precision; digit++)
            most *= 10;
        // A number that does not fit must not become another one on its way.
        return Add(name, $"decimal({precision},{scale})", (row, item) => row.AppendValue(value(item) switch
        {
            { } number when Math.Abs(number) >= most || decimal.Round(number, scale) != number =>
                throw new OverflowException($"The column {name} takes {precision} digits, {scale} of them behind the point; a value has others."),
            var number => number,
        }), precision > DigitsOfLarge);
    }

    /// <summary>A day.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Date(string name, Func<TItem, DateOnly?> value) => Add(name, "date", (row, item) => row.AppendValue(value(item)));

    /// <summary>A time, kept in UTC and whole microseconds.</summary>
    /// <param name="name">The column.</param>
    /// <param name="value">Its value.</param>
    public DuckDbColumns<TItem> Time(string name, Func<TItem, DateTimeOffset?> value) => Add(name, "timestamp", (row, item) => row.AppendValue(value(item)?.UtcDateTime));

    internal DuckDbColumns<TItem> Blob(string name, Func<TItem, byte[]?> value) => Add(name, "blob", (row, item) => row.AppendValue(value(item)));

    internal void Append(IDuckDBAppenderRow row, TItem item)
    {
        foreach (var (_, _, _, append) in columns)
            append(row, item);
    }

    /// <summary>A column as it stands in a statement.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="isPlain">Whether its values lie there as they are. DuckDB packs those of 128 bits (UUIDs, long decimals) more slowly than it reads everything else: a sum of them takes ten times as long.</param>
    internal static string Definition(string name, string type, bool isPlain) => $"\"{name}\" {type}{(isPlain ? " using compression uncompressed" : "")}";

    private DuckDbColumns<TItem> Add(string name, string type, Action<IDuckDBAppenderRow, TItem> append, bool isWide = false)
    {
        columns.Add((name, type, isWide, append));
        return this;
    }
}
