using System.Globalization;
using Monolith.Testing.Processes;

namespace Monolith.Benchmarks.Running;

/// <summary>The host as in production: a separate process, configured by environment variables.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>Without read-side modules: their read models would use processor time that the baselines do not.</summary>
    private const string Writing = "Customers,Orders";

    private readonly ChildProcess process;

    private HostProcess(ChildProcess process, Uri url)
    {
        this.process = process;
        Url = url;
    }

    public Uri Url { get; }

    public int Id => process.Id;

    /// <summary>Creates the host's schemas in a database.</summary>
    public static async Task MigrateAsync(Database database, CancellationToken cancellation)
    {
        await using var process =
            await ChildProcess.StartAsync(HostProgram.File, ["migrate"], Settings(database, kafka: null), cancellation);
        await process.LineAsync("The migrations of all modules are applied", cancellation);
        await process.ExitAsync(cancellation);
    }

    /// <summary>Starts the host with Customers and Orders, on Kafka where a broker is given.</summary>
    /// <returns>The host, after its ready line.</returns>
    public static Task<HostProcess> StartAsync(Database database, string? kafka, CancellationToken cancellation) =>
        StartAsync(Settings(database, kafka), cancellation);

    /// <summary>Starts the host with Customers, Orders and one read-side module, on the in-process transport.</summary>
    /// <param name="database">Its database.</param>
    /// <param name="reading">The read-side module.</param>
    /// <param name="stores">The folder of its stores.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The host, after its ready line.</returns>
    public static Task<HostProcess> StartWithAsync(Database database, string reading, string stores, CancellationToken cancellation) =>
        StartAsync(
            new Dictionary<string, string>(Settings(database, kafka: null))
            {
                ["Modules"] = $"{Writing},{reading}",
                ["Stores__Folder"] = stores,
            },
            cancellation);

    /// <summary>Starts the host with Customers, Orders and Search, whose rows lie in Elasticsearch, on the in-process transport.</summary>
    /// <param name="database">Its database.</param>
    /// <param name="elasticsearch">Where Elasticsearch is.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The host, after its ready line.</returns>
    public static Task<HostProcess> StartOnElasticsearchAsync(Database database, Uri elasticsearch, CancellationToken cancellation) =>
        StartAsync(
        new Dictionary<string, string>(Settings(database, kafka: null))
        {
            ["Modules"] = $"{Writing},Search",
            ["Search__Store"] = "Elasticsearch",
            ["Elasticsearch__Url"] = elasticsearch.ToString(),
        }, cancellation);

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<HostProcess> StartAsync(Dictionary<string, string> settings, CancellationToken cancellation)
    {
        var process = await ChildProcess.StartAsync(HostProgram.File, ["--urls", "http://127.0.0.1:0"], settings, cancellation);
        try
        {
            var url = await process.LineAsync("ready: ", cancellation);
            process.Drain();
            return new HostProcess(process, new Uri(url));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its peak memory.</summary>
    public double PeakMegabytes()
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static Dictionary<string, string> Settings(Database database, string? kafka) => new()
    {
        ["ConnectionStrings__Monolith"] = database.ConnectionString,
        ["Transport"] = kafka is null ? "Embedded" : "Kafka",
        ["Kafka__BootstrapServers"] = kafka ?? "",
        ["Modules"] = Writing,
    };
}
