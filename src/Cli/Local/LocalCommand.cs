using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Monolith.Cli.Invocation;
using Monolith.Host;
using Npgsql;

namespace Monolith.Cli.Local;

/// <summary>
/// Runs the host on local servers (<c>./run</c> without a verb). The host runs in this process, so that both always end together.
/// </summary>
internal static class LocalCommand
{
    public const string Verb = "local";

    private const int DefaultPort = 5080;

    private static readonly TimeSpan MigrateTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MigrateRetryDelay = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "the port of the host, on loopback",
            HelpName = "PORT",
            DefaultValueFactory = _ => DefaultPort,
            CustomParser = Port,
        };
        var data = SharedOptions.Data();
        var kafka = SharedOptions.Kafka();

        var command = new Command(Verb, "starts a private PostgreSQL and the host (./run without a verb)") { port, data, kafka };
        // In a checkout it is ./run without a verb.
        command.Hidden = true;
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                await RunAsync(parsed.GetValue(port), parsed.GetRequiredValue(data), parsed.GetValue(kafka), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Stopped during the start.
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static int Port(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort)
            return port;
        result.AddError($"A port is a number from {IPEndPoint.MinPort} (any free one) to {IPEndPoint.MaxPort}.");
        return default;
    }

    private static async Task RunAsync(int port, string data, bool withKafka, CancellationToken stop)
    {
        RefuseUsedPort(port);
        await using var servers = await ServerGroup.StartAsync(data, withKafka, stop);
        await servers.RunAsync(cancellation => RunHostAsync(servers, port, data, cancellation), stop);
    }

    private static async Task RunHostAsync(ServerGroup servers, int port, string data, CancellationToken stop)
    {
        var settings = servers.Endpoints.OverridingSettings(data);
        settings["Urls"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

        await using var app = Composition.Build([], settings);
        await MigrateAsync(app.Configuration, stop);
        await HostLifetime.RunAsync(app, url => (servers.Endpoints with { Http = url }).Write(data), stop);
    }

    // PostgreSQL may be killed and restarted during the migration.
    private static async Task MigrateAsync(IConfiguration configuration, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await Composition.MigrateAsync(configuration, stop);
                return;
            }
            catch (NpgsqlException exception) when (exception.IsTransient && Stopwatch.GetElapsedTime(started) < MigrateTimeout)
            {
                await Task.Delay(MigrateRetryDelay, stop);
            }
        }
    }

    // Kestrel would refuse it too, but only after the servers have started, and with a stack trace in the log.
    private static void RefuseUsedPort(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new CommandFailedException(
                $"Port {port} cannot be listened on ({exception.Message}): stop what uses it, or choose another one (--port).");
        }
    }
}
