using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>One column of a row type: its name, its type in PostgreSQL, and how its values travel, a whole page as one array.</summary>
internal abstract class Column<TRow>(string name, string sqlType, NpgsqlDbType dbType)
{
    public string Name { get; } = name;

    public string SqlType { get; } = sqlType;

    protected NpgsqlDbType DbType { get; } = dbType;

    /// <summary>The values of a page as one parameter.</summary>
    public abstract NpgsqlParameter Values(IReadOnlyList<TRow> rows);

    /// <summary>An expression that reads the column from a result.</summary>
    public abstract Expression Read(ParameterExpression reader, int ordinal);
}

/// <summary>A column whose values PostgreSQL has a type for.</summary>
internal sealed class ScalarColumn<TRow, TValue>(PropertyInfo property, string name, string sqlType, NpgsqlDbType dbType) : Column<TRow>(name, sqlType, dbType)
{
    private readonly Func<TRow, TValue> get = property.GetMethod!.CreateDelegate<Func<TRow, TValue>>();

    public TValue Get(TRow row) => get(row);

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
        return default(TValue) is not null
            ? value
            : Expression.Condition(Expression.Call(reader, nameof(NpgsqlDataReader.IsDBNull), null, index), Expression.Default(typeof(TValue)), value);
    }
}

/// <summary>A column of an enumeration, kept as its name in lower case.</summary>
internal sealed class EnumColumn<TRow, TValue>(PropertyInfo property, string name) : Column<TRow>(name, "text", NpgsqlDbType.Text)
    where TValue : struct, Enum
{
    private static readonly Dictionary<TValue, string> Names = Enum.GetValues<TValue>().ToDictionary(value => value, value => value.ToString().ToLowerInvariant());

    private readonly Func<TRow, TValue> get = property.GetMethod!.CreateDelegate<Func<TRow, TValue>>();

    public override NpgsqlParameter Values(IReadOnlyList<TRow> rows) =>
        new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => Names[get(row)])], NpgsqlDbType = NpgsqlDbType.Array | DbType };

    public override Expression Read(ParameterExpression reader, int ordinal) =>
        Expression.Call(typeof(EnumColumn<TRow, TValue>), nameof(Parse), null, Expression.Call(reader, nameof(NpgsqlDataReader.GetString), null, Expression.Constant(ordinal)));

    private static TValue Parse(string name) => Enum.Parse<TValue>(name, ignoreCase: true);
}

/// <summary>A column of anything else, kept as JSON.</summary>
internal sealed class JsonColumn<TRow, TValue>(PropertyInfo property, string name, JsonTypeInfo<TValue> json) : Column<TRow>(name, "jsonb", NpgsqlDbType.Jsonb)
{
    private readonly Func<TRow, TValue> get = property.GetMethod!.CreateDelegate<Func<TRow, TValue>>();

    public override NpgsqlParameter Values(IReadOnlyList<TRow> rows) =>
        new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => JsonSerializer.Serialize(get(row), json))], NpgsqlDbType = NpgsqlDbType.Array | DbType };

    public override Expression Read(ParameterExpression reader, int ordinal) => Expression.Call(
        Expression.Constant(this), nameof(Parse), null, Expression.Call(reader, nameof(NpgsqlDataReader.GetString), null, Expression.Constant(ordinal)));

    private TValue Parse(string text) => JsonSerializer.Deserialize(text, json)!;
}
