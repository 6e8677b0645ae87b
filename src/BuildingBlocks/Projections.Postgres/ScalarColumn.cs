using System.Linq.Expressions;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>A column of a type that PostgreSQL has.</summary>
internal sealed class ScalarColumn<TRow, TValue>(PropertyInfo property, string name, string sqlType, NpgsqlDbType dbType)
    : Column<TRow>(name, sqlType, dbType)
{
    private static readonly bool MayBeNull = default(TValue) is null;

    private readonly Func<TRow, TValue> get = property.GetMethod!.CreateDelegate<Func<TRow, TValue>>();

    public TValue Get(TRow row) => get(row);

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellation)
    {
        var value = get(row);
        return MayBeNull && value is null ? importer.WriteNullAsync(cancellation) : importer.WriteAsync(value, DbType, cancellation);
    }

    public override NpgsqlParameter Values(IReadOnlyList<TRow> rows)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = get(rows[i]);
        return new NpgsqlParameter<TValue[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | DbType };
    }

    public override Expression Read(ParameterExpression reader, int ordinal)
    {
        var index = Expression.Constant(ordinal);
        var value = Expression.Call(reader, nameof(NpgsqlDataReader.GetFieldValue), [typeof(TValue)], index);
        return !MayBeNull
            ? value
            : Expression.Condition(
                Expression.Call(reader, nameof(NpgsqlDataReader.IsDBNull), null, index), Expression.Default(typeof(TValue)), value);
    }
}
