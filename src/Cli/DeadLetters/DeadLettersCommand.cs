using System.CommandLine;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.Cli.Admin;
using Monolith.Cli.Invocation;

namespace Monolith.Cli.DeadLetters;

/// <summary>Lists, requeues and discards dead letters.</summary>
internal static class DeadLettersCommand
{
    public static Command Create() =>
        new("dead-letters", "events that could not be applied, and the later events of their keys") { List(), Requeue(), Discard() };

    private static Command List()
    {
        var projection = new Option<string?>("--projection") { Description = "of one projection; of all by default", HelpName = "P" };
        var paging = new Paging();
        const string Description = "dead letters; those of one key in the order in which they will be applied";
        return AdminVerb.Create("list", Description, [projection, .. paging.Options], async (parsed, call, stop) =>
        {
            var query = QueryText.Of([("projection", parsed.GetValue(projection)), .. paging.Parameters(parsed)]);
            var response = await call.Client.GetAsync($"dead-letters{query}", ProjectionsJson.Web.PageBodyDeadLetter, stop);
            await call.Output.ShowAsync(response.Document, DeadLetterText.List(response.Value));
            return ExitCode.Success;
        });
    }

    private static Command Requeue()
    {
        var (projection, detach) = (Projection(), SharedOptions.Detach());
        var key = new Option<string?>("--key") { Description = "one key; all by default", HelpName = "K" };
        return AdminVerb.Create("requeue", "applies dead letters again, in order", [projection, key, detach], async (parsed, call, stop) =>
        {
            var body = new RequeueBody(parsed.GetRequiredValue(projection), parsed.GetValue(key));
            return await OperationWait.FinishAsync(call, await call.Client.RequeueAsync(body, stop), stop, parsed.GetValue(detach));
        });
    }

    private static Command Discard()
    {
        var projection = Projection();
        var key = new Option<string>("--key") { Description = "the key", HelpName = "K", Required = true };
        var reason = new Option<string>("--reason") { Description = "the reason; it is recorded", HelpName = "R", Required = true };
        const string Description = "removes the dead letters of one key; the events stay in the log";
        return AdminVerb.Create("discard", Description, [projection, key, reason], async (parsed, call, stop) =>
        {
            var body = new DiscardBody(parsed.GetRequiredValue(projection), parsed.GetRequiredValue(key), parsed.GetRequiredValue(reason));
            return await OperationWait.FinishAsync(call, await call.Client.DiscardAsync(body, stop), stop);
        });
    }

    private static Option<string> Projection() => new("--projection") { Description = "the projection", HelpName = "P", Required = true };
}
