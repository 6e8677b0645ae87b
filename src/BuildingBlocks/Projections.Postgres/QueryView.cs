using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// The stable view that queries read, over the table of one generation. Columns are only added: a column that the table does not have is
/// null in the view, so that binaries of two versions can read it at the same time.
/// </summary>
internal sealed class QueryView(string schema, string name, IReadOnlyList<ColumnShape> columns)
{
    private const string ColumnsSql =
        """
        select attname, format_type(atttypid, atttypmod) from pg_attribute
        where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum
        """;

    /// <summary>The view's columns; empty if the view does not exist.</summary>
    public Task<List<ColumnShape>> ColumnsAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        ColumnsOfAsync(connection, name, cancellation);

    /// <summary>The statement that creates a view over a table, or replaces it.</summary>
    /// <exception cref="InvalidOperationException">A column has another type than that of the existing view.</exception>
    public async Task<string> OverAsync(
        NpgsqlConnection connection, string view, string table, string filter, CancellationToken cancellation)
    {
        var existing = await ColumnsOfAsync(connection, name, cancellation);
        var stored = (await ColumnsOfAsync(connection, table, cancellation)).Select(column => column.Name).ToHashSet();
        var selected = Merge(existing)
            .Select(column => stored.Contains(column.Name) ? column.Name : $"null::{column.SqlType} as {column.Name}");
        return $"create or replace view {schema}.{view} as select {string.Join(", ", selected)} from {schema}.{table}{filter}";
    }

    /// <summary>Whether the view lacks a column of this binary's rows.</summary>
    /// <exception cref="InvalidOperationException">A column has another type than that of the existing view.</exception>
    public bool Lacks(List<ColumnShape> existing) => Merge(existing).Count > existing.Count;

    private List<ColumnShape> Merge(List<ColumnShape> existing)
    {
        var merged = new List<ColumnShape>(existing);
        foreach (var column in columns)
        {
            var type = PlainType(column.SqlType);
            var old = existing.Find(other => other.Name == column.Name);
            if (old is null)
                merged.Add(new ColumnShape(column.Name, type));
            else if (Normal(old.SqlType) != Normal(type))
            {
                throw new InvalidOperationException(
                    $"The column {column.Name} of {schema}.{name} is {old.SqlType}, the rows of this version have {type}. "
                    + "Rows only change by added columns: give the column, or the projection, a new name.");
            }
        }

        return merged;
    }

    private async Task<List<ColumnShape>> ColumnsOfAsync(NpgsqlConnection connection, string relation, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ColumnsSql, connection)
        {
            Parameters = { new() { Value = $"{schema}.{relation}" } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<ColumnShape>();
        while (await reader.ReadAsync(cancellation))
            found.Add(new ColumnShape(reader.GetString(0), reader.GetString(1)));
        return found;
    }

    private static string PlainType(string sqlType) => sqlType.Split(" collate ")[0];

    private static string Normal(string sqlType) => sqlType == "timestamptz" ? "timestamp with time zone" : sqlType;
}
