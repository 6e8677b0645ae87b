using System.Globalization;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>A page of the actions of operators.</summary>
/// <param name="Limit">The page size.</param>
/// <param name="After">Where the previous page ended; null for the first.</param>
/// <param name="UrlAfter">The URL of the page that starts after an action.</param>
internal sealed record ActionQuery(int Limit, ActionCursor? After, Func<OperatorAction, string> UrlAfter)
{
    public static ActionQuery Read(QueryReader query) => new(
        query.PageLimit(),
        query.After(CursorOf),
        action => query.UrlAfter(
            action.At.UtcTicks.ToString(CultureInfo.InvariantCulture),
            action.Operation.ToString(),
            action.Sequence.ToString(CultureInfo.InvariantCulture)));

    private static ActionCursor? CursorOf(string[] parts) =>
        parts is [var first, var second, var third]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(second, "D", out var operation)
            && long.TryParse(third, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new ActionCursor(new DateTimeOffset(ticks, TimeSpan.Zero), operation, sequence)
            : null;
}
