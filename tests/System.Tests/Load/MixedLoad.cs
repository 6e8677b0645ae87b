using System.Globalization;
using Monolith.Testing;

namespace Monolith.System.Tests.Load;

/// <summary>
/// Many clients that register, change, deactivate and reactivate customers, and place, pay, ship and cancel orders: at random, from a seed
/// that is shown when the test fails.
/// </summary>
internal sealed class MixedLoad : IAsyncDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProgressWithin = TimeSpan.FromSeconds(90);

    /// <summary>Leaves processor time for the work that the load disturbs.</summary>
    private static readonly TimeSpan LongestThought = TimeSpan.FromMilliseconds(20);

    /// <summary>Leaves the processors to the work that the load only observes.</summary>
    private static readonly TimeSpan LongThinkTime = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient[] hosts;
    private readonly LoadClient[] clients;
    private readonly Known customers = new();
    private Task running = Task.CompletedTask;
    private volatile bool stopping;

    /// <summary>A load of clients that pause between their commands.</summary>
    public MixedLoad(int clientCount, params Uri[] hosts)
        : this(clientCount, LongestThought, hosts)
    {
    }

    private MixedLoad(int clientCount, TimeSpan longestThought, Uri[] hosts)
    {
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"the load: {TestSeed.Shown(seed)}");
        Random = new Random(seed);
        this.hosts = [.. hosts.Select(host => new HttpClient { BaseAddress = new Uri(host, "api/v1/"), Timeout = RequestTimeout })];
        var orders = new Known();
        clients = [.. Enumerable.Range(0, clientCount).Select(i => new LoadClient(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{seed}.{i}"), new Random(Random.Next()), this.hosts, customers, orders, Journal, longestThought))];
    }

    /// <summary>The outcomes of the commands.</summary>
    public Journal Journal { get; } = new();

    /// <summary>The random source for other decisions of the test.</summary>
    public Random Random { get; }

    /// <summary>A load of clients that send each command as soon as the last one is answered.</summary>
    public static MixedLoad Full(int clientCount, params Uri[] hosts) => new(clientCount, TimeSpan.Zero, hosts);

    /// <summary>
    /// A load of clients with long pauses: it shows that commands succeed, and leaves the processors to a server that starts.
    /// </summary>
    public static MixedLoad Light(int clientCount, params Uri[] hosts) => new(clientCount, LongThinkTime, hosts);

    /// <summary>Sends a total number of commands across all clients.</summary>
    public async Task RunAsync(int commands)
    {
        var left = commands;
        await Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(() => Interlocked.Decrement(ref left) >= 0))));
    }

    /// <summary>Starts to send commands, until stopped.</summary>
    public void Start() => running = Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(() => !stopping))));

    /// <summary>Waits until the hosts have answered this many more commands.</summary>
    public Task AnsweredAsync(int more) => AnsweredAsync(more, ProgressWithin);

    /// <summary>Waits until the hosts have answered this many more commands.</summary>
    public Task AnsweredAsync(int more, TimeSpan within)
    {
        var goal = Journal.Answered.Count + more;
        return Eventually.HoldsAsync(within, $"{more} more answered commands", () => Journal.Answered.Count >= goal);
    }

    /// <summary>Lets the clients finish their commands.</summary>
    public async Task StopAsync()
    {
        stopping = true;
        await running;
        TestContext.Current.TestOutputHelper?.WriteLine($"the load: {Journal}");
    }

    public async ValueTask DisposeAsync()
    {
        stopping = true;
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var host in hosts)
            host.Dispose();
    }
}
