using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>The next events of some logs.</summary>
/// <param name="Logs">The logs.</param>
/// <param name="StreamId">The aggregate; null for all.</param>
/// <param name="Type">The event type; null for all.</param>
/// <param name="CorrelationId">The request from which the events follow; null for all.</param>
/// <param name="Limit">The maximum number of events.</param>
/// <param name="After">Where the previous response ended; null to start at the heads.</param>
/// <param name="UrlAfter">The URL that continues at a position.</param>
internal sealed record EventTailQuery(
    IReadOnlyList<ModuleLog> Logs,
    Guid? StreamId,
    string? Type,
    Guid? CorrelationId,
    int Limit,
    TailCursor? After,
    Func<TailCursor, string> UrlAfter)
{
    public static EventTailQuery Read(QueryReader query, ModuleLogs all)
    {
        var module = EventQuery.ModuleOf(query, all);
        ModuleLog[] logs = [.. all.All.Where(log => module is null || log.Module == module)];
        return new EventTailQuery(
            logs,
            query.Id("stream"),
            query.Text("type"),
            query.Id("correlation"),
            query.PageLimit(),
            query.After(parts => TailCursor.Read(parts, logs)),
            position => query.UrlAfter(position.ToParts(logs)));
    }

    public bool Matches(LogRecord record) =>
        (StreamId is null || record.StreamId == StreamId)
        && (Type is null || record.Type == Type)
        && (CorrelationId is null || record.CorrelationId == CorrelationId);
}
