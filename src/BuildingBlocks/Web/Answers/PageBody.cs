using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Web.Answers;

/// <summary>A page as callers see it.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items, in the order of their list.</param>
/// <param name="Next">The URL of the next page; absent on the last.</param>
public sealed record PageBody<T>(
    IReadOnlyList<T> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>Makes pages.</summary>
public static class PageBody
{
    /// <summary>A page of what was read, which is one more than the page holds where there is another page.</summary>
    /// <typeparam name="T">What is listed.</typeparam>
    /// <param name="read">What was read.</param>
    /// <param name="limit">How many the page holds.</param>
    /// <param name="urlAfter">The URL of the page that starts after an item.</param>
    public static PageBody<T> Of<T>(IReadOnlyList<T> read, int limit, Func<T, string> urlAfter) =>
        read.Count <= limit ? new PageBody<T>(read, null) : new PageBody<T>([.. read.Take(limit)], urlAfter(read[limit - 1]));
}
