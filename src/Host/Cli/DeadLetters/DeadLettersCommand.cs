using System.CommandLine;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.Host.Cli.Admin;

namespace Monolith.Host.Cli.DeadLetters;

/// <summary><c>./run dead-letters …</c>: parked events.</summary>
internal static class DeadLettersCommand
{
    public static Command Create() => new("dead-letters", "events that could not be applied, and what waits behind them") { List(), Requeue(), Discard() };

    private static Command List()
    {
        var projection = new Option<string?>("--projection") { Description = "of one projection; of all unless said", HelpName = "P" };
        var paging = new Paging();
        return AdminVerb.Create("list", "parked events, those of each key in the order in which they will be applied", [projection, .. paging.Options], async (parsed, call, stop) =>
        {
            var query = QueryText.Of([("projection", parsed.GetValue(projection)), .. paging.Parameters(parsed)]);
            var answer = await call.Client.GetAsync($"dead-letters{query}", ProjectionsJson.Web.PageBodyDeadLetter, stop);
            await call.Output.ShowAsync(answer.Document, DeadLetterText.List(answer.Value));
            return ExitCode.Done;
        });
    }

    private static Command Requeue()
    {
        var (projection, detach) = (Projection(), new Option<bool>("--detach") { Description = "does not wait for the end" });
        var key = new Option<string?>("--key") { Description = "one key; all unless said", HelpName = "K" };
        return AdminVerb.Create("requeue", "applies parked events again, in order", [projection, key, detach], async (parsed, call, stop) =>
        {
            var asked = await call.Client.RequeueAsync(new RequeueBody(parsed.GetRequiredValue(projection), parsed.GetValue(key)), stop);
            return parsed.GetValue(detach) ? await OperationWait.ShowAsync(call.Output, asked) : await OperationWait.FinishAsync(call, asked, stop);
        });
    }

    private static Command Discard()
    {
        var projection = Projection();
        var key = new Option<string>("--key") { Description = "the key", HelpName = "K", Required = true };
        var reason = new Option<string>("--reason") { Description = "why; kept", HelpName = "R", Required = true };
        return AdminVerb.Create("discard", "gives up the parked events of one key; they stay in the log", [projection, key, reason], async (parsed, call, stop) =>
        {
            var body = new DiscardBody(parsed.GetRequiredValue(projection), parsed.GetRequiredValue(key), parsed.GetRequiredValue(reason));
            return await OperationWait.FinishAsync(call, await call.Client.DiscardAsync(body, stop), stop);
        });
    }

    private static Option<string> Projection() => new("--projection") { Description = "the projection", HelpName = "P", Required = true };
}
