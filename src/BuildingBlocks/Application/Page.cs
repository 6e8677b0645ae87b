namespace Monolith.BuildingBlocks.Application;

/// <summary>A page of a list that is ordered by time, then by id.</summary>
/// <typeparam name="T">An item.</typeparam>
/// <param name="Items">The items, newest last.</param>
/// <param name="Next">The position after which the next page starts; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, ListCursor? Next);

/// <summary>The position of an item in a list that is ordered by time, then by id.</summary>
/// <param name="At">The time of the item, in whole microseconds, which is the precision of PostgreSQL.</param>
/// <param name="Id">The id of the item.</param>
public readonly record struct ListCursor(DateTimeOffset At, Guid Id)
{
    /// <summary>The position before the first item of every list.</summary>
    public static ListCursor Start { get; } = new(DateTimeOffset.MinValue, Guid.Empty);
}

/// <summary>Creates pages.</summary>
public static class Page
{
    /// <summary>Creates a page from the items that were read for it.</summary>
    /// <typeparam name="T">An item.</typeparam>
    /// <param name="read">The items; one more than <paramref name="limit"/> if there is a next page.</param>
    /// <param name="limit">The page size.</param>
    /// <param name="position">The position of an item.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> read, int limit, Func<T, ListCursor> position) =>
        read.Count <= limit ? new Page<T>(read, null) : new Page<T>([.. read.Take(limit)], position(read[limit - 1]));
}
