using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests.Hosting;

/// <summary>
/// One installation: a database, with or without Kafka, and its hosts. The last output of the hosts is shown when the test
/// fails.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private const int ShownLines = 400;
    private const string ConnectionString = "ConnectionStrings__Monolith";
    private const string Modules = "Modules";
    private const string CustomersAndOrders = "Customers,Orders";

    private readonly Dictionary<string, string> settings;
    private readonly List<(HostProcess Host, string Stores)> hosts = [];
    private readonly TemporaryFolder folder = new();
    private readonly string? kafka;
    private readonly BorrowedBroker? borrowed;

    public Site(string database, BorrowedBroker? broker)
        : this(database, broker?.BootstrapServers) => borrowed = broker;

    public Site(string database, string? kafka)
    {
        this.kafka = kafka;
        Database = database;
        Sql = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = 4 });
        settings = new()
        {
            [ConnectionString] = database,
            ["Transport"] = (kafka is null ? Transport.Embedded : Transport.Kafka).ToString(),
            ["Kafka__BootstrapServers"] = kafka ?? "",
            [Modules] = CustomersAndOrders,
        };
    }

    /// <summary>The connection string, as superuser.</summary>
    public string Database { get; }

    /// <summary>Connections as superuser.</summary>
    public NpgsqlDataSource Sql { get; }

    /// <summary>The address of Kafka.</summary>
    public string Kafka => kafka ?? throw new InvalidOperationException("This site has no Kafka.");

    /// <summary>The prefix of its index names in Elasticsearch.</summary>
    public string IndexPrefix => settings["Elasticsearch__Prefix"];

    public bool HasKafka => kafka is not null;

    /// <summary>
    /// A site on the shared servers whose hosts run only the modules with commands: each read-side module costs time at every host start
    /// and work for every event.
    /// </summary>
    public static async Task<Site> OpenAsync(Servers servers, Transport transport) =>
        new(await servers.NewDatabaseAsync(), transport == Transport.Kafka ? await servers.KafkaAsync() : null);

    /// <summary>A site whose hosts run all modules, which is the default.</summary>
    public static async Task<Site> OpenWholeAsync(Servers servers, Transport transport)
    {
        var site = await OpenAsync(servers, transport);
        site.settings.Remove(Modules);
        return site;
    }

    /// <summary>A site whose hosts search in Elasticsearch; Analytics does not run there.</summary>
    public static async Task<(Site Site, ElasticsearchServer Elasticsearch)> OpenOnElasticsearchAsync(Servers servers, Transport transport)
    {
        var (server, prefix) = await servers.ElasticsearchAsync();
        var site = await OpenAsync(servers, transport);
        site.settings[Modules] = $"{CustomersAndOrders},Search";
        site.settings["Search__Store"] = "Elasticsearch";
        site.settings["Elasticsearch__Url"] = server.Url.ToString();
        site.settings["Elasticsearch__Prefix"] = prefix;
        return (site, server);
    }

    /// <summary>Sets a setting for hosts that are started later.</summary>
    public void Set(string name, string value) => settings[name] = value;

    /// <summary>Starts a host and waits until it is ready.</summary>
    public async Task<HostProcess> StartHostAsync(Uri? at = null)
    {
        var host = await LaunchHostAsync(at);
        await host.ReadyAsync();
        return host;
    }

    /// <summary>
    /// Starts a host without waiting until it is ready. A replacement reuses the files of the earlier host; an additional host has its own.
    /// </summary>
    public Task<HostProcess> LaunchHostAsync(Uri? at = null) => LaunchAsync(settings, at);

    /// <summary>Starts a host on Kafka with one module and without a database, and waits until it is ready.</summary>
    public async Task<HostProcess> StartAloneAsync(string module)
    {
        var alone = new Dictionary<string, string>(settings) { [Modules] = module };
        alone.Remove(ConnectionString);
        var host = await LaunchAsync(alone, at: null);
        await host.ReadyAsync();
        return host;
    }

    /// <summary>The folder of a host's files.</summary>
    public string StoresOf(HostProcess host) => hosts.Single(known => known.Host == host).Stores;

    /// <summary>Applies the migrations.</summary>
    public Task MigrateAsync() => HostProcess.RunVerbAsync(settings, "migrate");

    public async ValueTask DisposeAsync()
    {
        foreach (var (host, _) in hosts)
        {
            TestContext.Current.TestOutputHelper
                ?.WriteLine($"--- the host {host.Process.Id} at {host.Url}:\n{host.Process.Tail(ShownLines)}");
            await host.DisposeAsync();
        }

        await Sql.DisposeAsync();
        borrowed?.Dispose();
        folder.Dispose();
    }

    private async Task<HostProcess> LaunchAsync(Dictionary<string, string> settings, Uri? at)
    {
        var stores = Enumerable.Range(1, hosts.Count + 1)
            .Select(number => folder.Below($"stores-{number}"))
            .First(path => !hosts.Any(other => other.Stores == path && !other.Host.Process.HasExited));
        var host = await HostProcess.LaunchAsync(new Dictionary<string, string>(settings) { ["Stores__Folder"] = stores }, at);
        hosts.Add((host, stores));
        return host;
    }
}
