using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Folds;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// The columns of a row type: one for each parameter of the record's constructor, with its name in snake case. Numbers, texts, times and
/// ids map to types of PostgreSQL; an enumeration is stored by name, any other type as JSON.
/// </summary>
internal sealed class RowMapping<TRow>
    where TRow : class
{
    private static readonly Dictionary<Type, (string SqlType, NpgsqlDbType DbType)> Scalars = new()
    {
        [typeof(Guid)] = ("uuid", NpgsqlDbType.Uuid),
        [typeof(string)] = ("text", NpgsqlDbType.Text),
        [typeof(bool)] = ("boolean", NpgsqlDbType.Boolean),
        [typeof(int)] = ("integer", NpgsqlDbType.Integer),
        [typeof(long)] = ("bigint", NpgsqlDbType.Bigint),
        [typeof(decimal)] = ("numeric", NpgsqlDbType.Numeric),
        [typeof(DateTimeOffset)] = ("timestamptz", NpgsqlDbType.TimestampTz),
    };

    private readonly Func<NpgsqlDataReader, TRow> read;

    /// <exception cref="InvalidOperationException">The type is not a positional record.</exception>
    public RowMapping(JsonSerializerOptions json)
    {
        var constructor = typeof(TRow).GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()
            ?? throw new InvalidOperationException($"The row {typeof(TRow).Name} has no public constructor.");
        if (constructor.GetParameters().Length == 0)
            throw new InvalidOperationException($"The row {typeof(TRow).Name} has no columns: a row is a positional record.");
        Columns = [.. constructor.GetParameters().Select(parameter => ColumnOf(PropertyOf(parameter), json))];

        var reader = Expression.Parameter(typeof(NpgsqlDataReader));
        var arguments = Columns.Select((column, ordinal) => column.Read(reader, ordinal));
        read = Expression.Lambda<Func<NpgsqlDataReader, TRow>>(Expression.New(constructor, arguments), reader).Compile();
    }

    /// <summary>The columns, in the order of the constructor.</summary>
    public IReadOnlyList<Column<TRow>> Columns { get; }

    /// <summary>The names of the columns, separated by commas.</summary>
    public string Names => string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>Reads the current row; its columns are in the order of <see cref="Columns"/>.</summary>
    public TRow Read(NpgsqlDataReader reader) => read(reader);

    private static PropertyInfo PropertyOf(ParameterInfo parameter) =>
        typeof(TRow).GetProperty(parameter.Name!)
        ?? throw new InvalidOperationException(
            $"The row {typeof(TRow).Name} has no property {parameter.Name}: a row is a positional record.");

    private static Column<TRow> ColumnOf(PropertyInfo property, JsonSerializerOptions json)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(TextKey))
            return (Column<TRow>)Activator.CreateInstance(typeof(TextKeyColumn<>).MakeGenericType(typeof(TRow)), property, name)!;
        if (Scalars.TryGetValue(type, out var scalar))
            return Make(typeof(ScalarColumn<,>), property, name, scalar.SqlType, scalar.DbType);
        if (type.IsEnum && type != property.PropertyType)
        {
            throw new InvalidOperationException(
                $"{typeof(TRow).Name}.{property.Name} is an enumeration that may be null: give it a value that stands for none.");
        }

        if (type.IsEnum)
            return Make(typeof(EnumColumn<,>), property, name);
        return Make(typeof(JsonColumn<,>), property, name, json.GetTypeInfo(property.PropertyType));
    }

    private static Column<TRow> Make(Type open, PropertyInfo property, params object[] arguments) =>
        (Column<TRow>)Activator.CreateInstance(open.MakeGenericType(typeof(TRow), property.PropertyType), [property, .. arguments])!;
}
