using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// The stable view that queries read, over the table of one generation. Its columns are only ever added to: what a table lacks, the view gives as null, so that binaries of two versions read it side by
/// side.
/// </summary>
internal sealed class QueryView(string schema, string name, IReadOnlyList<ColumnShape> columns)
{
    private const string ColumnsSql =
        """
        select attname, format_type(atttypid, atttypmod) from pg_attribute
        where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum
        """;

    /// <summary>The view's columns; empty where there is none yet.</summary>
    public Task<List<ColumnShape>> ColumnsAsync(NpgsqlConnection connection, CancellationToken cancellation) => ColumnsOfAsync(connection, name, cancellation);

    /// <summary>The statement that puts the view over a table.</summary>
    /// <param name="connection">A connection of the schema's owner.</param>
    /// <param name="view">The view to make, without the schema.</param>
    /// <param name="table">The table, without the schema.</param>
    /// <param name="filter">A condition that ends the statement, or nothing.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">A column has another type than the view's.</exception>
    public async Task<string> OverAsync(NpgsqlConnection connection, string view, string table, string filter, CancellationToken cancellation)
    {
        var there = await ColumnsOfAsync(connection, name, cancellation);
        var stored = (await ColumnsOfAsync(connection, table, cancellation)).Select(column => column.Name).ToHashSet();
        var selected = Merge(there).Select(column => stored.Contains(column.Name) ? column.Name : $"null::{column.SqlType} as {column.Name}");
        return $"create or replace view {schema}.{view} as select {string.Join(", ", selected)} from {schema}.{table}{filter}";
    }

    /// <summary>Whether the view lacks a column that this binary's rows have.</summary>
    /// <exception cref="InvalidOperationException">A column has another type than the view's.</exception>
    public bool Lacks(List<ColumnShape> there) => Merge(there).Count > there.Count;

    private List<ColumnShape> Merge(List<ColumnShape> there)
    {
        var merged = new List<ColumnShape>(there);
        foreach (var column in columns)
        {
            var type = PlainType(column.SqlType);
            var old = there.Find(other => other.Name == column.Name);
            if (old is null)
                merged.Add(new ColumnShape(column.Name, type));
            else if (Normal(old.SqlType) != Normal(type))
                throw new InvalidOperationException(
                    $"The column {column.Name} of {schema}.{name} is {old.SqlType}, the rows of this version have {type}. Rows only change by added columns: give the column, or the projection, a new name.");
        }

        return merged;
    }

    private async Task<List<ColumnShape>> ColumnsOfAsync(NpgsqlConnection connection, string relation, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ColumnsSql, connection) { Parameters = { new() { Value = $"{schema}.{relation}" } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<ColumnShape>();
        while (await reader.ReadAsync(cancellation))
            found.Add(new ColumnShape(reader.GetString(0), reader.GetString(1)));
        return found;
    }

    private static string PlainType(string sqlType) => sqlType.Split(" collate ")[0];

    private static string Normal(string sqlType) => sqlType == "timestamptz" ? "timestamp with time zone" : sqlType;
}
