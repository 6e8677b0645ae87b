using System.Globalization;
using System.Text.Json;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.System.Tests.Hosting;

/// <summary><c>./run</c> or <c>./run services</c> as a process, with its private servers in a folder.</summary>
internal sealed class LocalRun : IAsyncDisposable
{
    private const int ShownLines = 100;

    // Includes a Kafka recovery while another test runs.
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(20);

    private readonly string data;
    private readonly string title;

    private LocalRun(ChildProcess process, string data, string title)
    {
        Process = process;
        this.data = data;
        this.title = title;
    }

    public ChildProcess Process { get; }

    /// <summary>The host's address, from <c>endpoints.json</c>.</summary>
    public Uri Host => new(Endpoint("http"));

    /// <summary>The connection string of PostgreSQL, from <c>endpoints.json</c>.</summary>
    public string Postgres => Endpoint("postgres");

    /// <summary>The address of Kafka, from <c>endpoints.json</c>.</summary>
    public string Kafka => Endpoint("kafka");

    /// <summary>The process id of the postmaster.</summary>
    public int PostgresId => ServerId("postgres");

    /// <summary>The process id of the Kafka node.</summary>
    public int KafkaId => ServerId("kafka");

    /// <summary>Starts the process with the given arguments and does not wait until it is ready.</summary>
    public static async Task<LocalRun> LaunchAsync(string data, params string[] arguments)
    {
        string[] line = [.. arguments, "--data", data];
        var environment = new Dictionary<string, string> { ["KAFKA_HOME"] = Installed.Kafka() ?? "" };
        return new LocalRun(await CliProgram.LaunchAsync(environment, line), data, string.Join(' ', line));
    }

    /// <summary>Starts the process with the given arguments and waits until it is ready.</summary>
    public static async Task<LocalRun> StartAsync(string data, params string[] arguments)
    {
        var run = await LaunchAsync(data, arguments);
        try
        {
            await run.ReadyAsync();
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it is ready.</summary>
    public async Task ReadyAsync()
    {
        await Eventually.HoldsAsync(ReadyWithin, "./run is ready", () => IsReady || Process.HasExited);
        IsReady.ShouldBeTrue($"it ended instead of being ready: {Process.Tail(10)}");
    }

    /// <summary>Kills the process, its servers and their supervisors with <c>kill -9</c>.</summary>
    public async Task KillAllAsync()
    {
        var all = ProcessTree.Below(Process.Id);
        // All at the same time: a supervisor that outlives its parent would stop the servers gracefully.
        await ProcessTree.KillAsync([Process.Id, .. all]);
        await Process.KillAsync();
        await Eventually.HoldsAsync(GoneWithin, "everything is gone", () => all.All(id => !ProcessTree.IsAlive(id)));
    }

    public async ValueTask DisposeAsync()
    {
        var all = ProcessTree.Below(Process.Id);
        TestContext.Current.TestOutputHelper?.WriteLine($"--- {title}:\n{Process.Tail(ShownLines)}");
        await Process.DisposeAsync();
        // The servers stop when they detect that the process has ended.
        await Eventually.HoldsAsync(GoneWithin, "its servers are gone", () => all.All(id => !ProcessTree.IsAlive(id)));
    }

    private bool IsReady => Process.Output.Any(line => line.StartsWith("ready: ", StringComparison.Ordinal));

    private string Endpoint(string name)
    {
        using var endpoints = JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "endpoints.json")));
        return endpoints.RootElement.GetProperty(name).GetString()!;
    }

    private int ServerId(string server) =>
        int.Parse(File.ReadAllText(Path.Combine(data, server, "server.pid")), CultureInfo.InvariantCulture);
}
