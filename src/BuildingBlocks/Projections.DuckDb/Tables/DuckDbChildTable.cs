using DuckDB.NET.Data;

namespace Monolith.BuildingBlocks.Projections.DuckDb.Tables;

/// <summary>A table of the items of a list in the row.</summary>
internal abstract class DuckDbChildTable<TKey, TRow>(string name)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    public string Name { get; } = name;

    public abstract IEnumerable<string> Names { get; }

    public abstract IEnumerable<string> Definitions { get; }

    public abstract bool IsUnchanged(TRow before, TRow after);

    /// <summary>Appends the items of a row, with null in the extra columns of newer versions.</summary>
    public abstract void Append(DuckDBAppender appender, TKey key, TRow row, int extra);

    /// <summary>Adds items to rows, from the columns key, position and the item columns, sorted by key and position.</summary>
    public abstract void ReadInto(DuckDbLine lines, Dictionary<TKey, TRow> rows);
}

internal sealed class DuckDbChildTable<TKey, TRow, TItem> : DuckDbChildTable<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly Func<TRow, IReadOnlyList<TItem>> items;
    private readonly DuckDbColumns<(TRow Row, TItem Item)> columns = new();
    private readonly Func<DuckDbLine, TItem> read;
    private readonly Func<TRow, IReadOnlyList<TItem>, TRow> with;
    private readonly Func<TRow, TRow, bool> unchanged;

    public DuckDbChildTable(
        string name,
        Func<TRow, IReadOnlyList<TItem>> items,
        Action<DuckDbColumns<(TRow Row, TItem Item)>> columns,
        Func<DuckDbLine, TItem> read,
        Func<TRow, IReadOnlyList<TItem>, TRow> with,
        Func<TRow, TRow, bool> unchanged)
        : base(name)
    {
        this.items = items;
        this.read = read;
        this.with = with;
        this.unchanged = unchanged;
        columns(this.columns);
    }

    public override IEnumerable<string> Names => columns.Names;

    public override IEnumerable<string> Definitions => columns.Definitions;

    public override bool IsUnchanged(TRow before, TRow after) => unchanged(before, after);

    public override void Append(DuckDBAppender appender, TKey key, TRow row, int extra)
    {
        var list = items(row);
        for (var position = 0; position < list.Count; position++)
        {
            var line = appender.CreateRow();
            DuckDbKey<TKey>.Default.Append(line, key);
            line.AppendValue((int?)position);
            columns.Append(line, (row, list[position]));
            for (var i = 0; i < extra; i++)
                line.AppendNullValue();
            line.EndRow();
        }
    }

    public override void ReadInto(DuckDbLine lines, Dictionary<TKey, TRow> rows)
    {
        var found = new Dictionary<TKey, List<TItem>>();
        while (lines.Read())
        {
            var key = DuckDbKey<TKey>.Default.Read(lines);
            if (!found.TryGetValue(key, out var list))
                found.Add(key, list = []);
            list.Add(read(lines.Skip()));
        }

        foreach (var (key, list) in found)
        {
            if (rows.TryGetValue(key, out var row))
                rows[key] = with(row, list);
        }
    }
}
