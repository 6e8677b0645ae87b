namespace Monolith.Benchmarks.Running;

/// <summary>The host as a user would run it: a process of its own, configured by its environment.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>./bench names the build that ./run would use.</summary>
    private const string HostVariable = "MONOLITH_HOST";

    /// <summary>Without Search, whose index would take processor time that no baseline spends.</summary>
    private const string Writing = "Customers,Orders";

    private static readonly string Program = Environment.GetEnvironmentVariable(HostVariable) is { Length: > 0 } host ? host : Path.Combine(AppContext.BaseDirectory, "Monolith.Host.dll");

    private readonly ChildProcess process;

    private HostProcess(ChildProcess process, Uri url)
    {
        this.process = process;
        Url = url;
    }

    public Uri Url { get; }

    public int Id => process.Id;

    /// <summary>Makes the host's schemas in a database.</summary>
    public static async Task MigrateAsync(Database database, CancellationToken cancellation)
    {
        await using var process = await ChildProcess.StartAsync(Program, ["migrate"], Settings(database, kafka: null, stores: null), cancellation);
        await process.LineAsync("The migrations of all modules are applied", cancellation);
        await process.ExitAsync(cancellation);
    }

    /// <summary>Starts the host with Customers and Orders, on Kafka where a broker is given.</summary>
    /// <returns>The host, when it says that it is ready.</returns>
    public static Task<HostProcess> StartAsync(Database database, string? kafka, CancellationToken cancellation) => StartAsync(Settings(database, kafka, stores: null), cancellation);

    /// <summary>Starts the host with all its modules on the embedded transport.</summary>
    /// <param name="database">Its database.</param>
    /// <param name="stores">Where its stores keep their files.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The host, when it says that it is ready.</returns>
    public static Task<HostProcess> StartWholeAsync(Database database, string stores, CancellationToken cancellation) => StartAsync(Settings(database, kafka: null, stores), cancellation);

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<HostProcess> StartAsync(Dictionary<string, string> settings, CancellationToken cancellation)
    {
        var process = await ChildProcess.StartAsync(Program, ["--urls", "http://127.0.0.1:0"], settings, cancellation);
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

    private static Dictionary<string, string> Settings(Database database, string? kafka, string? stores) => new()
    {
        ["ConnectionStrings__Monolith"] = database.ConnectionString,
        ["Transport"] = kafka is null ? "Embedded" : "Kafka",
        ["Kafka__BootstrapServers"] = kafka ?? "",
        ["Modules"] = stores is null ? Writing : "",
        ["Stores__Folder"] = stores ?? "",
    };
}
