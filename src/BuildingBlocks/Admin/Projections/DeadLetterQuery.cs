using System.Globalization;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>Which parked events are asked for.</summary>
/// <param name="Projection">The projection; all where it is null.</param>
/// <param name="Limit">How many the page holds.</param>
/// <param name="After">The projection and the place in its list where the page before ended; null for the first.</param>
/// <param name="UrlAfter">The URL of the page that starts after an event.</param>
internal sealed record DeadLetterQuery(string? Projection, int Limit, (string Projection, DeadLetterCursor Place)? After, Func<DeadLetter, string> UrlAfter)
{
    public static DeadLetterQuery Read(QueryReader query) => new(
        query.Text("projection"),
        query.PageLimit(),
        query.After(PlaceOf),
        letter => query.UrlAfter(letter.Projection, letter.Generation.ToString(CultureInfo.InvariantCulture), letter.Sequence.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Where the list of one projection goes on.</summary>
    /// <returns>Whether any of it is after the page before; and after which place, null for all of it.</returns>
    public (bool Any, DeadLetterCursor? After) In(string projection) => After is not { } after ? (true, null) : string.CompareOrdinal(projection, after.Projection) switch
    {
        < 0 => (false, null),
        0 => (true, after.Place),
        > 0 => (true, null),
    };

    private static (string, DeadLetterCursor)? PlaceOf(string[] parts) =>
        parts is [var projection, var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? (projection, new DeadLetterCursor(generation, sequence))
            : null;
}
