using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>A page of the events of all logs.</summary>
/// <param name="Module">The module; null for all.</param>
/// <param name="Filter">The filter.</param>
/// <param name="Limit">The page size.</param>
/// <param name="UrlAfter">The URL of the page that starts after a position.</param>
internal sealed record EventQuery(string? Module, LogFilter Filter, int Limit, Func<EventCursor, string> UrlAfter)
{
    private const string AfterName = "after";

    public static EventQuery Read(QueryReader query, ModuleLogs logs) => new(
        ModuleOf(query, logs),
        new LogFilter
        {
            StreamId = query.Id("stream"),
            // Not one of the known types, since the log may contain types that this binary does not know.
            Type = query.Text("type"),
            CorrelationId = query.Id("correlation"),
            From = query.Time("from"),
            To = query.Time("to"),
            After = AfterOf(query),
        },
        query.PageLimit(),
        position => query.UrlAfter(position.ToBytes()));

    // The setting Modules writes the names with a capital.
    public static string? ModuleOf(QueryReader query, ModuleLogs logs) =>
        query.OneOf("module", [.. logs.All.Select(log => log.Module)], StringComparer.OrdinalIgnoreCase);

    private static EventCursor? AfterOf(QueryReader query) =>
        query.After(EventCursor.Length) is not { } bytes ? null
        : EventCursor.TryRead(bytes, out var position) ? position
        : query.Refuse<EventCursor?>(AfterName, "Is not a cursor of this list. Take it from the property next of a page.");
}
