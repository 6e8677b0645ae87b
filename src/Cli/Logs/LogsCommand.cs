using System.CommandLine;
using Monolith.Cli.Admin;
using Monolith.Cli.Invocation;

namespace Monolith.Cli.Logs;

/// <summary>Shows the content of each module's event log in figures.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var partitions = new Option<bool>("--partitions") { Description = "also shows each partition" };
        return AdminVerb.Create("logs", "the event log of each module", [partitions], async (parsed, call, stop) =>
        {
            var response = await call.Client.GetAsync("logs", LogsJson.Default.LogList, stop);
            await call.Output.ShowAsync(response.Document, LogText.List(response.Value.Items, parsed.GetValue(partitions)));
            return ExitCode.Success;
        });
    }
}
