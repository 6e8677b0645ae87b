using System.CommandLine;
using Monolith.Host.Cli.Admin;

namespace Monolith.Host.Cli.Events;

/// <summary><c>./run events …</c>: what the logs hold.</summary>
internal static class EventsCommand
{
    public static Command Create() => new("events", "what the logs hold, and what follows from what") { List(), Show(), Tail() };

    private static Command List()
    {
        var filter = new EventFilter();
        var from = AdminVerb.Time("--from", "from that time on");
        var to = AdminVerb.Time("--to", "before that time");
        var paging = new Paging();
        return AdminVerb.Create("list", "events of all modules in the order of time", [.. filter.Options, from, to, .. paging.Options], async (parsed, call, stop) =>
        {
            var query = QueryText.Of(
            [
                .. filter.Parameters(parsed),
                ("from", parsed.GetValue(from)),
                ("to", parsed.GetValue(to)),
                .. paging.Parameters(parsed),
            ]);
            var answer = await call.Client.GetAsync($"events{query}", HistoryJson.Web.EventPage, stop);
            await call.Output.ShowAsync(answer.Document, EventText.List(answer.Value.Entries(), answer.Value.Next));
            return ExitCode.Done;
        });
    }

    private static Command Show()
    {
        var id = AdminVerb.Id("the event");
        return AdminVerb.Create("show", "one event, what caused it and what it caused", [id], async (parsed, call, stop) =>
        {
            var answer = await call.Client.GetAsync($"events/{parsed.GetValue(id)}", HistoryJson.Web.EventTrace, stop);
            await call.Output.ShowAsync(answer.Document, EventText.Trace(answer.Value));
            return ExitCode.Done;
        });
    }

    private static Command Tail()
    {
        var filter = new EventFilter();
        return AdminVerb.Create("tail", "each new event as it comes, until Ctrl-C; with --json one document a line", filter.Options, async (parsed, call, stop) =>
        {
            try
            {
                await foreach (var (document, entry) in new EventTail(call.Client, [.. filter.Parameters(parsed)]).FollowAsync(stop))
                    await call.Output.ShowAsync(document.GetRawText(), [EventText.Line(entry)]);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The one way it ends.
            }

            return ExitCode.Done;
        });
    }
}
