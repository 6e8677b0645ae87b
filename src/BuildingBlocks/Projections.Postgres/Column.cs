using System.Linq.Expressions;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// One column of a row type: its name, its type in PostgreSQL, and the conversion of its values. A batch is sent as one array.
/// </summary>
internal abstract class Column<TRow>(string name, string sqlType, NpgsqlDbType dbType)
{
    public string Name { get; } = name;

    public string SqlType { get; } = sqlType;

    /// <summary>The type of an array of its values.</summary>
    public virtual string ArrayType => $"{SqlType}[]";

    protected NpgsqlDbType DbType { get; } = dbType;

    /// <summary>The values of several rows as one parameter.</summary>
    public abstract NpgsqlParameter Values(IReadOnlyList<TRow> rows);

    /// <summary>Writes the value of one row to a COPY.</summary>
    public abstract Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellation);

    /// <summary>An expression that reads the column from a result.</summary>
    public abstract Expression Read(ParameterExpression reader, int ordinal);
}
