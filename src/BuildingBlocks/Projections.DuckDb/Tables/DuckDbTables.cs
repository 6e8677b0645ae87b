namespace Monolith.BuildingBlocks.Projections.DuckDb.Tables;

/// <summary>
/// The tables of a projection: the main table has one row per row of the read model. Each list of a row has a child table with one row per
/// item.
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
    /// <param name="keyName">The key column, the first one of all tables.</param>
    /// <param name="key">The key of a row.</param>
    /// <param name="columns">The other columns.</param>
    /// <param name="read">Creates a row with empty lists from its key and the other columns.</param>
    public DuckDbTables(
        string name, string keyName, Func<TRow, TKey> key, Action<DuckDbColumns<TRow>> columns, Func<TKey, DuckDbLine, TRow> read)
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

    /// <summary>Adds a child table. Its second column is <c>position</c>: the index of the item in its list.</summary>
    /// <typeparam name="TItem">An item of the list.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="items">The list.</param>
    /// <param name="columns">The other columns, from the row and the item.</param>
    /// <param name="read">Creates an item from these columns.</param>
    /// <param name="with">Adds the list to the row.</param>
    /// <param name="unchanged">Whether the items of two states of a row are the same, so that they are not rewritten.</param>
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

    /// <summary>The statements that create the tables in a catalog.</summary>
    internal IEnumerable<string> Create(string catalog)
    {
        var key = DuckDbColumns<TRow>.Definition(KeyName, DuckDbKey<TKey>.Default.Type, DuckDbKey<TKey>.Default.IsWide);
        yield return $"create table {catalog}.main.\"{Name}\" ({string.Join(", ", Columns.Definitions.Prepend(key))})";
        foreach (var child in children)
        {
            var columns = string.Join(", ", child.Definitions.Prepend("\"position\" integer").Prepend(key));
            yield return $"create table {catalog}.main.\"{child.Name}\" ({columns})";
        }
    }
}
