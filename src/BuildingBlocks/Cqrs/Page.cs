namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>A part of a list in the order of its ids.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items, newest last.</param>
/// <param name="Next">The id after which the next page starts; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, Guid? Next);

/// <summary>Makes pages.</summary>
public static class Page
{
    /// <summary>A page of what was read for it.</summary>
    /// <typeparam name="T">What is listed.</typeparam>
    /// <param name="read">At most one item more than the page holds; that one only says that there is a next page.</param>
    /// <param name="limit">How many items the page holds.</param>
    /// <param name="id">The id of an item.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> read, int limit, Func<T, Guid> id) =>
        read.Count <= limit ? new Page<T>(read, null) : new Page<T>([.. read.Take(limit)], id(read[limit - 1]));
}
