using System.Linq.Expressions;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>A column of an enumeration, stored as its name in lower case.</summary>
internal sealed class EnumColumn<TRow, TValue>(PropertyInfo property, string name) : Column<TRow>(name, "text", NpgsqlDbType.Text)
    where TValue : struct, Enum
{
    private static readonly Dictionary<TValue, string> Names =
        Enum.GetValues<TValue>().ToDictionary(value => value, value => value.ToString().ToLowerInvariant());

    private readonly Func<TRow, TValue> get = property.GetMethod!.CreateDelegate<Func<TRow, TValue>>();

    public override NpgsqlParameter Values(IReadOnlyList<TRow> rows) => new NpgsqlParameter<string[]>
    {
        TypedValue = [.. rows.Select(row => Names[get(row)])], NpgsqlDbType = NpgsqlDbType.Array | DbType,
    };

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellation) =>
        importer.WriteAsync(Names[get(row)], DbType, cancellation);

    public override Expression Read(ParameterExpression reader, int ordinal) => Expression.Call(
        typeof(EnumColumn<TRow, TValue>),
        nameof(Parse),
        null,
        Expression.Call(reader, nameof(NpgsqlDataReader.GetString), null, Expression.Constant(ordinal)));

    private static TValue Parse(string name) => Enum.Parse<TValue>(name, ignoreCase: true);
}
