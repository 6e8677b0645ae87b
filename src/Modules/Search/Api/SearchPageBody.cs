using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Api;

/// <summary>A page of hits in a response.</summary>
/// <param name="Items">The hits, best first.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Next">The URL of the next page; absent on the last.</param>
internal sealed record SearchPageBody<T>(
    IReadOnlyList<T> Items,
    long Total,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next)
{
    public static SearchPageBody<T> Of(SearchPage<T> page, QueryReader request) =>
        new(page.Items, page.Total, page.Next is { } next ? request.UrlAfter(next.ToBytes()) : null);
}

[JsonSerializable(typeof(SearchPageBody<CustomerHit>))]
[JsonSerializable(typeof(SearchPageBody<OrderHit>))]
internal sealed partial class SearchApiJson : JsonSerializerContext;
