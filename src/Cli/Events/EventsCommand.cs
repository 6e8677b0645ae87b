using System.CommandLine;
using Monolith.Cli.Admin;
using Monolith.Cli.Invocation;

namespace Monolith.Cli.Events;

/// <summary>Lists, traces and follows events.</summary>
internal static class EventsCommand
{
    public static Command Create() => new("events", "the events of all modules, their causes and consequences") { List(), Show(), Tail() };

    private static Command List()
    {
        var filter = new EventFilter();
        var from = AdminVerb.Time("--from", "from that time on");
        var to = AdminVerb.Time("--to", "before that time");
        var paging = new Paging();
        IEnumerable<Symbol> options = [.. filter.Options, from, to, .. paging.Options];
        return AdminVerb.Create("list", "events of all modules, ordered by time", options, async (parsed, call, stop) =>
        {
            var query = QueryText.Of(
            [
                .. filter.Parameters(parsed),
                ("from", parsed.GetValue(from)),
                ("to", parsed.GetValue(to)),
                .. paging.Parameters(parsed),
            ]);
            var response = await call.Client.GetAsync($"events{query}", EventsJson.Default.EventPage, stop);
            await call.Output.ShowAsync(response.Document, EventText.List(response.Value.Entries(), response.Value.Next));
            return ExitCode.Success;
        });
    }

    private static Command Show()
    {
        var id = AdminVerb.Id("the event");
        return AdminVerb.Create("show", "one event, its cause and its consequences", [id], async (parsed, call, stop) =>
        {
            var response = await call.Client.GetAsync($"events/{parsed.GetValue(id)}", EventsJson.Default.EventTrace, stop);
            await call.Output.ShowAsync(response.Document, EventText.Trace(response.Value));
            return ExitCode.Success;
        });
    }

    private static Command Tail()
    {
        var filter = new EventFilter();
        const string Description = "new events as they are appended, until Ctrl-C; with --json one document a line";
        return AdminVerb.Create("tail", Description, filter.Options, async (parsed, call, stop) =>
        {
            try
            {
                await foreach (var (document, entry) in new EventTail(call.Client, [.. filter.Parameters(parsed)]).FollowAsync(stop))
                    await call.Output.ShowAsync(document.GetRawText(), [EventText.Line(entry)]);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Only a signal ends it.
            }

            return ExitCode.Success;
        });
    }
}
