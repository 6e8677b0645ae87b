using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>A private Kafka node (broker and controller) on loopback, which lives no longer than the process that started it.</summary>
public sealed class KafkaBroker : IPrivateServer
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // Names relative to the data folder, which is the working directory: Kafka splits log.dirs at commas.
    private const string Properties = "server.properties";
    private const string LoggingProperties = "log4j2.properties";
    private const string Records = "records";

    // The first of Java's two compilers alone.
    private static readonly string[] QuickOptions = ["-XX:TieredStopAtLevel=1"];

    private readonly DataFolder folder;
    private readonly KafkaPrograms programs;
    private readonly bool isShortLived;
    private int port;
    private Supervisor? supervisor;

    private KafkaBroker(DataFolder folder, KafkaPrograms programs, bool isShortLived)
    {
        this.folder = folder;
        this.programs = programs;
        this.isShortLived = isShortLived;
    }

    /// <summary>What clients connect to: <c>127.0.0.1:port</c>.</summary>
    public string BootstrapServers => $"127.0.0.1:{port}";

    /// <summary>The loopback port.</summary>
    public int Port => port;

    /// <summary>The process id of the node.</summary>
    public int ProcessId => Running.ServerId;

    /// <inheritdoc />
    public string Name => "Kafka";

    private Supervisor Running => supervisor ?? throw new InvalidOperationException("The node was not started.");

    /// <summary>Formats the node on the first start, starts it, and returns when it accepts connections.</summary>
    public static async Task<KafkaBroker> StartAsync(KafkaBrokerOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var programs = await KafkaPrograms.FindAsync(options.KafkaHome, cancellation);
        var folder = await DataFolder.TakeAsync(options.DataDirectory, cancellation);
        try
        {
            var broker = new KafkaBroker(folder, programs, options.IsShortLived);
            await broker.LaunchAsync(options.Port, cancellation);
            return broker;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>kill -9 of the node.</summary>
    public void Kill() => Running.Kill();

    /// <inheritdoc />
    public Task<string> StoppedAsync(CancellationToken cancellation) => Running.StoppedAsync(cancellation);

    /// <inheritdoc />
    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await Running.DisposeAsync();
        await folder.PreviousServerGoneAsync(cancellation);
        await LaunchAsync(port, cancellation);
    }

    /// <summary>Stops the node; nothing is left running.</summary>
    public async ValueTask DisposeAsync()
    {
        if (supervisor is null)
            return;
        await supervisor.DisposeAsync();
        supervisor = null;
        folder.Dispose();
    }

    private async Task LaunchAsync(int? fixedPort, CancellationToken cancellation)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            port = fixedPort ?? FreePort.Choose(folder.PortFile);
            await File.WriteAllTextAsync(folder.File(Properties), KafkaProperties.SingleNode(port, FreePort.Choose(), Records), cancellation);
            await File.WriteAllTextAsync(folder.File(LoggingProperties), KafkaProperties.Logging, cancellation);
            await FormatAsync(cancellation);
            supervisor = await Supervisor.StartAsync(Program(), folder, cancellation);
            if (await AcceptsAsync(supervisor, started, cancellation))
                break;

            var portIsTaken = supervisor.Log().Contains("Address already in use", StringComparison.Ordinal);
            await supervisor.DisposeAsync();
            if (!portIsTaken)
                throw new LocalServerException($"Kafka did not start: {supervisor.LastLogLines()}");
            if (fixedPort is not null)
                throw new LocalServerException($"Port {port} is taken: Kafka cannot listen on it; choose another one.");
        }
        FreePort.Note(folder.PortFile, port);
    }

    private async Task FormatAsync(CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(folder.File(Records), "meta.properties")))
            return;
        var formatted = await ShortProgram.RunAsync(
            [.. Java("kafka.tools.StorageTool", isQuick: true), "format", "--ignore-formatted", "--cluster-id", ClusterId(), "--config", Properties], cancellation, folder.Path);
        if (!formatted.Succeeded)
            throw new LocalServerException($"Kafka could not format {folder.Path}: {formatted.LastLine}");
    }

    private ServerProgram Program() => new("Kafka", [.. Java("kafka.Kafka", isShortLived), Properties], folder.Path, StopSignal: "TERM");

    // False: the server has exited.
    private async Task<bool> AcceptsAsync(Supervisor server, Stopwatch started, CancellationToken cancellation)
    {
        try
        {
            while (!server.HasExited)
            {
                if (started.Elapsed > StartTimeout)
                    throw new LocalServerException($"Kafka does not answer: {server.LastLogLines()}");
                try
                {
                    // A KRaft node opens its listener only when it is ready to serve.
                    using var client = new TcpClient();
                    await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
                    return true;
                }
                catch (SocketException)
                {
                    await Task.Delay(PollInterval, cancellation);
                }
            }
            return false;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    // What the scripts of the distribution do in the end; those do not survive spaces in paths.
    private string[] Java(string program, bool isQuick) =>
    [
        programs.Java, .. isQuick ? QuickOptions : [], "-Xms256m", "-Xmx512m", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-Djava.awt.headless=true", $"-Dlog4j2.configurationFile={LoggingProperties}",
        "-cp", Path.Combine(programs.Home, "libs", "*"), program,
    ];

    // 16 random bytes in URL-safe base64, as kafka-storage.sh random-uuid makes them; a leading '-' would read as an option.
    private static string ClusterId()
    {
        while (true)
        {
            var id = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            if (id[0] != '-')
                return id;
        }
    }
}
