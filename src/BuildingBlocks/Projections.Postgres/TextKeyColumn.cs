using System.Linq.Expressions;
using System.Reflection;
using Monolith.BuildingBlocks.Projections.Folds;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>A key column of text. Keys are compared byte by byte, so that their order is the same on every server.</summary>
internal sealed class TextKeyColumn<TRow>(PropertyInfo property, string name)
    : Column<TRow>(name, "text collate \"C\"", NpgsqlDbType.Text), IKeyColumn<TRow, TextKey>
{
    private readonly Func<TRow, TextKey> get = property.GetMethod!.CreateDelegate<Func<TRow, TextKey>>();

    string IKeyColumn<TRow, TextKey>.SqlType => "text";

    public override string ArrayType => "text[]";

    public TextKey Get(TRow row) => get(row);

    public NpgsqlParameter Keys(IReadOnlyCollection<TextKey> keys) =>
        new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.Value)] };

    public NpgsqlParameter One(TextKey key) => new NpgsqlParameter<string> { TypedValue = key.Value };

    public string TextOf(TextKey key) => key.Value;

    public TextKey Parse(string text) => new(text);

    public override NpgsqlParameter Values(IReadOnlyList<TRow> rows) => Keys([.. rows.Select(get)]);

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellation) =>
        importer.WriteAsync(get(row).Value, DbType, cancellation);

    public override Expression Read(ParameterExpression reader, int ordinal) => Expression.New(
        typeof(TextKey).GetConstructor([typeof(string)])!,
        Expression.Call(reader, nameof(NpgsqlDataReader.GetString), null, Expression.Constant(ordinal)));
}
