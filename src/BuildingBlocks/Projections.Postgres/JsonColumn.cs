using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>A column of any other type, stored as JSON.</summary>
internal sealed class JsonColumn<TRow, TValue>(PropertyInfo property, string name, JsonTypeInfo<TValue> json)
    : Column<TRow>(name, "jsonb", NpgsqlDbType.Jsonb)
{
    private readonly Func<TRow, TValue> get = property.GetMethod!.CreateDelegate<Func<TRow, TValue>>();

    public override NpgsqlParameter Values(IReadOnlyList<TRow> rows) => new NpgsqlParameter<string[]>
    {
        TypedValue = [.. rows.Select(row => JsonSerializer.Serialize(get(row), json))], NpgsqlDbType = NpgsqlDbType.Array | DbType,
    };

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellation) =>
        importer.WriteAsync(JsonSerializer.Serialize(get(row), json), DbType, cancellation);

    public override Expression Read(ParameterExpression reader, int ordinal) => Expression.Call(
        Expression.Constant(this),
        nameof(Parse),
        null,
        Expression.Call(reader, nameof(NpgsqlDataReader.GetString), null, Expression.Constant(ordinal)));

    private TValue Parse(string text) => JsonSerializer.Deserialize(text, json)!;
}
