using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>Which part of the logs is asked for.</summary>
/// <param name="Module">The module; all where it is null.</param>
/// <param name="Filter">Which of the events.</param>
/// <param name="Limit">How many the page holds.</param>
/// <param name="UrlAfter">The URL of the page that starts after a place.</param>
internal sealed record EventQuery(string? Module, LogFilter Filter, int Limit, Func<EventCursor, string> UrlAfter)
{
    private const string AfterName = "after";

    public static EventQuery Read(QueryReader query, ModuleLogs logs) => new(
        ModuleOf(query, logs),
        new LogFilter
        {
            StreamId = query.Id("stream"),
            // A type that this binary does not know may be in the log all the same.
            Type = query.Text("type"),
            CorrelationId = query.Id("correlation"),
            From = query.Time("from"),
            To = query.Time("to"),
            After = AfterOf(query),
        },
        query.PageLimit(),
        place => query.UrlAfter(place.ToBytes()));

    // The setting Modules writes them with a capital.
    internal static string? ModuleOf(QueryReader query, ModuleLogs logs) =>
        query.OneOf("module", [.. logs.All.Select(log => log.Module)], StringComparer.OrdinalIgnoreCase);

    private static EventCursor? AfterOf(QueryReader query) =>
        query.After(EventCursor.Length) is not { } bytes ? null
        : EventCursor.TryRead(bytes, out var place) ? place
        : query.Refuse<EventCursor?>(AfterName, "Is no cursor of this list; take it from the property next of a page.");
}
