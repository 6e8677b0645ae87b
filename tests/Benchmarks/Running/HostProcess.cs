using System.Globalization;

namespace Monolith.Benchmarks.Running;

/// <summary>The host as a user would run it: a process of its own, configured by its environment.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>./bench names the build that ./run would use.</summary>
    private const string HostVariable = "MONOLITH_HOST";

    private static readonly string Program = Environment.GetEnvironmentVariable(HostVariable) is { Length: > 0 } host ? host : Path.Combine(AppContext.BaseDirectory, "Monolith.Host.dll");

    private readonly ChildProcess process;
    private readonly DirectoryInfo stores;

    private HostProcess(ChildProcess process, DirectoryInfo stores, Uri url)
    {
        this.process = process;
        this.stores = stores;
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

    /// <summary>Starts the host, on Kafka where a broker is given.</summary>
    /// <returns>The host, when it says that it is ready.</returns>
    public static async Task<HostProcess> StartAsync(Database database, string? kafka, CancellationToken cancellation)
    {
        var stores = Directory.CreateTempSubdirectory("monolith-bench-stores-");
        var process = await ChildProcess.StartAsync(Program, ["--urls", "http://127.0.0.1:0"], Settings(database, kafka, stores.FullName), cancellation);
        try
        {
            var url = await process.LineAsync("ready: ", cancellation);
            process.Drain();
            return new HostProcess(process, stores, new Uri(url));
        }
        catch
        {
            await process.DisposeAsync();
            stores.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>The most memory that it ever had.</summary>
    public double PeakMegabytes()
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        stores.Delete(recursive: true);
    }

    private static Dictionary<string, string> Settings(Database database, string? kafka, string? stores) => new()
    {
        ["ConnectionStrings__Monolith"] = database.ConnectionString,
        ["Transport"] = kafka is null ? "Embedded" : "Kafka",
        ["Kafka__BootstrapServers"] = kafka ?? "",
        ["Stores__Folder"] = stores ?? "",
    };
}
