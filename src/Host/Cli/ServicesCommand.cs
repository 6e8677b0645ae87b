using System.CommandLine;

namespace Monolith.Host.Cli;

/// <summary><c>./run services</c>: the servers alone, for a host that runs in an IDE or under <c>dotnet watch</c>.</summary>
internal static class ServicesCommand
{
    public const string Verb = "services";

    public static Command Create()
    {
        var data = SharedOptions.Data();
        var kafka = SharedOptions.Kafka();
        var command = new Command(Verb, "only the servers: the host then runs from an IDE or by dotnet watch") { data, kafka };
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                await RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(kafka), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Asked to stop while still starting.
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task RunAsync(string data, bool withKafka, CancellationToken stop)
    {
        await using var servers = await LocalServers.StartAsync(data, withKafka, stop);
        await servers.RunAsync(cancellation => ShowAsync(servers, data, cancellation), stop);
    }

    private static async Task ShowAsync(LocalServers servers, string data, CancellationToken stop)
    {
        servers.Endpoints.Write(data);

        await Console.Out.WriteLineAsync("# The host in Development finds these by itself (dotnet watch --project src/Host, or F5); anything else by:");
        foreach (var (name, value) in servers.Endpoints.Settings(data).Where(s => s.Value is not null))
            await Console.Out.WriteLineAsync($"export {name.Replace(":", "__", StringComparison.Ordinal)}='{value}'");
        await Console.Out.WriteLineAsync("ready: services (Ctrl-C stops them)");
        await stop.WhenCancelledAsync();
    }
}
