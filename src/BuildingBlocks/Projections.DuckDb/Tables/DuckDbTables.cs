namespace Monolith.BuildingBlocks.Projections.DuckDb.Tables;

/// <summary>
/// How the rows of a fold lie in DuckDB: one line a row in the main table, and where a row holds lists, child tables with one line an item, which are replaced together with their row.
/// </summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
public sealed class DuckDbTables<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly List<DuckDbChildTable<TKey, TRow>> children = [];

    /// <summary>Declares the main table.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="keyName">Its key column, which comes first, and first in each child table too.</param>
    /// <param name="key">The key of a row.</param>
    /// <param name="columns">The other columns.</param>
    /// <param name="read">Makes a row of its key and the other columns; its lists are still empty.</param>
    public DuckDbTables(string name, string keyName, Func<TRow, TKey> key, Action<DuckDbColumns<TRow>> columns, Func<TKey, DuckDbLine, TRow> read)
    {
        Name = name;
        KeyName = keyName;
        KeyOf = key;
        Read = read;
        columns(Columns);
    }

    internal string Name { get; }

    internal string KeyName { get; }

    internal Func<TRow, TKey> KeyOf { get; }

    internal DuckDbColumns<TRow> Columns { get; } = new();

    internal Func<TKey, DuckDbLine, TRow> Read { get; }

    internal IReadOnlyList<DuckDbChildTable<TKey, TRow>> Children => children;

    /// <summary>Adds a child table. Behind the key comes the column <c>position</c>: the item's place in its list, from 0.</summary>
    /// <typeparam name="TItem">An item of the list.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="items">The list.</param>
    /// <param name="columns">Its columns, from the row and the item.</param>
    /// <param name="read">Makes an item of these columns.</param>
    /// <param name="with">The row with the list.</param>
    /// <param name="unchanged">Whether the lines of two states of a row are the same, so that they may stay as they are.</param>
    public DuckDbTables<TKey, TRow> With<TItem>(
        string name,
        Func<TRow, IReadOnlyList<TItem>> items,
        Action<DuckDbColumns<(TRow Row, TItem Item)>> columns,
        Func<DuckDbLine, TItem> read,
        Func<TRow, IReadOnlyList<TItem>, TRow> with,
        Func<TRow, TRow, bool> unchanged)
    {
        children.Add(new DuckDbChildTable<TKey, TRow, TItem>(name, items, columns, read, with, unchanged));
        return this;
    }

    /// <summary>The statements that make the tables in a catalog.</summary>
    internal IEnumerable<string> Create(string catalog)
    {
        var key = DuckDbColumns<TRow>.Definition(KeyName, DuckDbKey<TKey>.Default.Type, DuckDbKey<TKey>.Default.IsWide);
        yield return $"create table {catalog}.main.\"{Name}\" ({string.Join(", ", Columns.Definitions.Prepend(key))})";
        foreach (var child in children)
            yield return $"create table {catalog}.main.\"{child.Name}\" ({string.Join(", ", child.Definitions.Prepend("\"position\" integer").Prepend(key))})";
    }
}
