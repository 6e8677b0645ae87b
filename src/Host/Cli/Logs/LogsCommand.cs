using System.CommandLine;
using Monolith.Host.Cli.Admin;

namespace Monolith.Host.Cli.Logs;

/// <summary><c>./run logs</c>: what each module's log holds.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var partitions = new Option<bool>("--partitions") { Description = "each partition too" };
        return AdminVerb.Create("logs", "what each module's log holds", [partitions], async (parsed, call, stop) =>
        {
            var answer = await call.Client.GetAsync("logs", HistoryJson.Web.LogList, stop);
            await call.Output.ShowAsync(answer.Document, LogText.List(answer.Value.Items, parsed.GetValue(partitions)));
            return ExitCode.Done;
        });
    }
}
