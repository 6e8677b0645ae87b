using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Maps rows to documents of Lucene.</summary>
internal static class LuceneMappings
{
    public static LuceneMapping<Guid, CustomerRow> Customers { get; } =
        Of(SearchRowsJson.Web.CustomerRow, CustomerFields.Text, row => row.Id, row => row.Status, row => row.RegisteredAt);

    public static LuceneMapping<Guid, OrderRow> Orders { get; } =
        Of(SearchRowsJson.Web.OrderRow, OrderFields.Text, row => row.Id, row => row.Status, row => row.PlacedAt);

    private static LuceneMapping<Guid, TRow> Of<TRow>(
        JsonTypeInfo<TRow> json, TextFields<TRow> fields, Func<TRow, Guid> id, Func<TRow, string> status, Func<TRow, DateTimeOffset> at)
        where TRow : class
    {
        var mapping = new LuceneMapping<Guid, TRow>(json, id)
            .Keyword(IndexFields.Id, row => id(row).ToString(), sorted: true)
            .Keyword(IndexFields.Status, status)
            .Number(IndexFields.At, row => IndexFields.TimeOf(at(row)));
        foreach (var (name, text) in fields)
            mapping.Text(name, text);
        return mapping;
    }
}
