using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Web.Responses;

/// <summary>A page of a list as clients see it.</summary>
/// <typeparam name="T">An item.</typeparam>
/// <param name="Items">The items, in the order of their list.</param>
/// <param name="Next">The URL of the next page; absent on the last.</param>
public sealed record PageBody<T>(
    IReadOnlyList<T> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>Creates pages.</summary>
public static class PageBody
{
    /// <summary>Creates a page from the items that were read for it.</summary>
    /// <typeparam name="T">An item.</typeparam>
    /// <param name="read">The items; one more than <paramref name="limit"/> if there is a next page.</param>
    /// <param name="limit">The page size.</param>
    /// <param name="urlAfter">The URL of the page that starts after an item.</param>
    public static PageBody<T> Of<T>(IReadOnlyList<T> read, int limit, Func<T, string> urlAfter) =>
        read.Count <= limit ? new PageBody<T>(read, null) : new PageBody<T>([.. read.Take(limit)], urlAfter(read[limit - 1]));
}
