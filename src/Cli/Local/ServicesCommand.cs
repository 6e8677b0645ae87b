using System.CommandLine;
using Monolith.Cli.Invocation;

namespace Monolith.Cli.Local;

/// <summary>Starts the local servers only, for a host that runs in an IDE or under <c>dotnet watch</c>.</summary>
internal static class ServicesCommand
{
    public const string Verb = "services";

    public static Command Create()
    {
        var data = SharedOptions.Data();
        var kafka = SharedOptions.Kafka();
        var command = new Command(Verb, "starts only the servers; the host then runs in an IDE or under dotnet watch") { data, kafka };
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                await RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(kafka), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Stopped during the start.
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task RunAsync(string data, bool withKafka, CancellationToken stop)
    {
        await using var servers = await ServerGroup.StartAsync(data, withKafka, stop);
        await servers.RunAsync(cancellation => ShowAsync(servers, data, cancellation), stop);
    }

    private static async Task ShowAsync(ServerGroup servers, string data, CancellationToken stop)
    {
        servers.Endpoints.Write(data);

        await Console.Out.WriteLineAsync(
            "# A host in Development finds these by itself (dotnet watch --project src/Host, or F5). For any other program:");
        foreach (var (name, value) in servers.Endpoints.Settings(data))
            await Console.Out.WriteLineAsync($"export {name.Replace(":", "__", StringComparison.Ordinal)}='{value}'");
        await Console.Out.WriteLineAsync("ready: services (Ctrl-C stops them)");
        await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
