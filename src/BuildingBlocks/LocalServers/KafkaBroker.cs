using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>The data folder and the parameters of a <see cref="KafkaBroker"/>.</summary>
public sealed record KafkaBrokerOptions
{
    /// <summary>The folder of this node: records, port and log. Created if it is missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The loopback port; null: the last one of this folder if it is free, else any free one.</summary>
    public int? Port { get; init; }

    /// <summary>The folder of an unpacked Kafka distribution; null: the environment variable <c>KAFKA_HOME</c>.</summary>
    public string? KafkaHome { get; init; }

    /// <summary>
    /// Whether the node runs for minutes only: Java then uses only its first compiler, which starts faster but has a lower peak rate.
    /// </summary>
    public bool IsShortLived { get; init; }
}

/// <summary>A private Kafka node (broker and controller) on loopback. It ends with the process that started it.</summary>
public sealed class KafkaBroker : ILocalServer
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // Names relative to the data folder, which is the working directory: Kafka splits log.dirs at commas.
    private const string Properties = "server.properties";
    private const string LoggingProperties = "log4j2.properties";
    private const string Records = "records";

    // Only the first of Java's two compilers.
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

    /// <summary>The address for clients: <c>127.0.0.1:port</c>.</summary>
    public string BootstrapServers => $"127.0.0.1:{port}";

    /// <summary>The loopback port.</summary>
    public int Port => port;

    /// <summary>The process id of the node.</summary>
    public int ProcessId => Running.ServerId;

    /// <inheritdoc />
    public string Name => "Kafka";

    private Supervisor Running => supervisor ?? throw new InvalidOperationException("The node was not started.");

    /// <summary>Formats the node on the first start, starts it, and returns when it accepts connections.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="LocalServerException">It did not start.</exception>
    public static async Task<KafkaBroker> StartAsync(KafkaBrokerOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var programs = await KafkaPrograms.FindAsync(options.KafkaHome, cancellation);
        var folder = await DataFolder.OpenAsync(options.DataDirectory, cancellation);
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

    /// <summary>Kills the node (SIGKILL).</summary>
    public void Kill() => Running.Kill();

    /// <inheritdoc />
    public Task<string> StoppedAsync(CancellationToken cancellation) => Running.StoppedAsync(cancellation);

    /// <inheritdoc />
    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await Running.DisposeAsync();
        await folder.WaitForPreviousServerAsync(cancellation);
        await LaunchAsync(port, cancellation);
    }

    /// <summary>Stops the node.</summary>
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
            var properties = KafkaProperties.SingleNode(port, FreePort.Choose(), Records);
            await File.WriteAllTextAsync(folder.File(Properties), properties, cancellation);
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
        string[] arguments = ["format", "--ignore-formatted", "--cluster-id", ClusterId(), "--config", Properties];
        string[] command = [.. Java("kafka.tools.StorageTool", isShortLived: true), .. arguments];
        var result = await ProcessResult.RunAsync(command, cancellation, folder.Path);
        if (!result.Succeeded)
            throw new LocalServerException($"Kafka could not format {folder.Path}: {result.LastLine}");
    }

    private ServerProgram Program() =>
        new("Kafka", [.. Java("kafka.Kafka", isShortLived), Properties], folder.Path, StopSignal: "TERM");

    // Returns false if the server has exited.
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

    // The distribution's own scripts do the same, but fail if a path contains a space.
    private string[] Java(string mainClass, bool isShortLived) =>
    [
        programs.Java, .. isShortLived ? QuickOptions : [],
        "-Xms256m", "-Xmx512m", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20",
        "-Djava.awt.headless=true", $"-Dlog4j2.configurationFile={LoggingProperties}",
        "-cp", Path.Combine(programs.Home, "libs", "*"), mainClass,
    ];

    // 16 random bytes in URL-safe base64, as kafka-storage.sh random-uuid does. A leading '-' would be parsed as an option.
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
