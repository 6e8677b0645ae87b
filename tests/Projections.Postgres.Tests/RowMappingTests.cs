using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Postgres;
using Npgsql;

namespace Monolith.Projections.Postgres.Tests;

/// <summary>Names, types and refusals. PostgresStoreTests covers the values.</summary>
[Trait("Category", "Unit")]
public sealed class RowMappingTests
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    public enum Shade
    {
        Light,
        VeryDark,
    }

    [Fact]
    public void Each_parameter_has_a_column_in_snake_case() =>
        new RowMapping<EveryType>(Json).Columns.Select(column => (column.Name, column.SqlType)).ShouldBe(
        [
            ("every_type_id", "uuid"), ("text", "text"), ("maybe_text", "text"), ("flag", "boolean"), ("number", "integer"), (
                "maybe_number", "integer"), ("large", "bigint"),
            ("amount", "numeric"), ("maybe_amount", "numeric"), (
                "happened_at", "timestamptz"), ("maybe_at", "timestamptz"), ("shade", "text"), ("tags", "jsonb"),
        ]);

    [Fact]
    public void Row_type_without_columns_is_refused() =>
        Should.Throw<InvalidOperationException>(() => new RowMapping<Empty>(Json)).Message.ShouldContain("Empty");

    [Fact]
    public void Class_without_positional_properties_is_refused() =>
        Should.Throw<InvalidOperationException>(() => new RowMapping<NoRecord>(Json)).Message.ShouldContain("a row is a positional record");

    [Fact]
    public void Nullable_enumeration_is_refused() =>
        Should.Throw<InvalidOperationException>(() => new RowMapping<MaybeShade>(Json)).Message.ShouldContain("MaybeShade.Shade");

    [Fact]
    public void Key_without_a_column_is_refused() => Refused("no_such_column", "has no column no_such_column");

    [Fact]
    public void Key_type_other_than_its_column_is_refused() => Refused("text", "the column text");

    private static void Refused(string key, string reason)
    {
        using var nowhere = NpgsqlDataSource.Create("Host=nowhere");
        Should.Throw<InvalidOperationException>(
            () =>
                new PostgresStore<Guid, EveryType>(
                    nowhere, "shop_read", SampleProjections.Concurrent(), new("every_types", key), Json)).Message.ShouldContain(reason);
    }

    internal sealed record EveryType(
        Guid EveryTypeId, string Text, string? MaybeText, bool Flag, int Number, int? MaybeNumber, long Large, decimal Amount,
        decimal? MaybeAmount, DateTimeOffset HappenedAt,
        DateTimeOffset? MaybeAt, Shade Shade, IReadOnlyList<string>? Tags);

    internal sealed record Empty;

    internal sealed record MaybeShade(Guid Id, Shade? Shade);

    internal sealed class NoRecord(Guid id)
    {
        public Guid Other { get; } = id;
    }
}
