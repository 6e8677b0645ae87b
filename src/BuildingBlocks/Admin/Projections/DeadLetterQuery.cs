using System.Globalization;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>A page of dead letters.</summary>
/// <param name="Projection">The projection; null for all.</param>
/// <param name="Limit">The page size.</param>
/// <param name="After">The projection and the position in its list where the previous page ended; null for the first.</param>
/// <param name="UrlAfter">The URL of the page that starts after a dead letter.</param>
internal sealed record DeadLetterQuery(
    string? Projection, int Limit, (string Projection, DeadLetterCursor Cursor)? After, Func<DeadLetter, string> UrlAfter)
{
    public static DeadLetterQuery Read(QueryReader query) => new(
        query.Text("projection"),
        query.PageLimit(),
        query.After(CursorOf),
        letter => query.UrlAfter(
            letter.Projection,
            letter.Generation.ToString(CultureInfo.InvariantCulture),
            letter.Sequence.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Where the list of one projection continues.</summary>
    /// <returns>Whether the page can contain any of it, and the position after which it continues; null for its start.</returns>
    public (bool Any, DeadLetterCursor? After) In(string projection)
    {
        if (After is not { } after)
            return (true, null);
        return string.CompareOrdinal(projection, after.Projection) switch
        {
            < 0 => (false, null),
            0 => (true, after.Cursor),
            > 0 => (true, null),
        };
    }

    private static (string, DeadLetterCursor)? CursorOf(string[] parts) =>
        parts is [var projection, var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? (projection, new DeadLetterCursor(generation, sequence))
            : null;
}
