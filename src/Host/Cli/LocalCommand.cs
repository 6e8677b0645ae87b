using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Monolith.Host.Cli;

/// <summary><c>./run</c>: private servers, migrations, and the host, all of which end together.</summary>
internal static class LocalCommand
{
    public const string Verb = "local";

    private const int DefaultPort = 5080;

    private static readonly TimeSpan MigrateWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseBetweenMigrations = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "where it listens, on loopback",
            HelpName = "PORT",
            DefaultValueFactory = _ => DefaultPort,
            CustomParser = Port,
        };
        var data = SharedOptions.Data();
        var kafka = SharedOptions.Kafka();

        var command = new Command(Verb, "starts a private PostgreSQL and the host (./run without a verb)") { port, data, kafka };
        command.Hidden = true;
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                await RunAsync(parsed.GetValue(port), parsed.GetRequiredValue(data), parsed.GetValue(kafka), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Asked to stop while still starting.
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static int Port(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort)
            return port;
        result.AddError($"A port is a number from {IPEndPoint.MinPort} (any free one) to {IPEndPoint.MaxPort}.");
        return default;
    }

    private static async Task RunAsync(int port, string data, bool withKafka, CancellationToken stop)
    {
        RefuseTaken(port);
        await using var servers = await LocalServers.StartAsync(data, withKafka, stop);
        await servers.RunAsync(cancellation => RunHostAsync(servers, port, data, cancellation), stop);
    }

    private static async Task RunHostAsync(LocalServers servers, int port, string data, CancellationToken stop)
    {
        var settings = servers.Endpoints.Settings(data);
        settings["Urls"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

        // The published folder is the content root, wherever ./run was called from.
        await using var app = Composition.Build([$"--contentRoot={AppContext.BaseDirectory}"], settings);
        await MigrateAsync(app.Configuration, stop);
        await WebHost.RunAsync(app, url => (servers.Endpoints with { Http = url }).Write(data), stop);
    }

    // The private server may die in the middle, and is then restarted. A migration that has failed starts again from where it was.
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
            catch (NpgsqlException exception) when (exception.IsTransient && Stopwatch.GetElapsedTime(started) < MigrateWithin)
            {
                await Task.Delay(PauseBetweenMigrations, stop);
            }
        }
    }

    // Kestrel would say so too, but only after the servers have started, and with a stack trace in the log.
    private static void RefuseTaken(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new CommandFailedException($"Port {port} cannot be listened on ({e.Message}): stop what uses it, or choose another one (--port).");
        }
    }
}
