using System.Globalization;
using Monolith.Testing;

namespace Monolith.System.Tests.Load;

/// <summary>Many clients that send each command with an idempotency key until it is answered, whatever happens to the host.</summary>
internal sealed class RetryingLoad : IAsyncDisposable
{
    // Shorter than the longest freeze of a host, so that a request is sent again while the first one is still in flight.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient http;
    private readonly RetryingClient[] clients;
    private readonly CancellationTokenSource givesUp = new();
    private Task running = Task.CompletedTask;
    private volatile bool stopping;

    public RetryingLoad(int clientCount, Uri host, int seed)
    {
        var random = new Random(seed);
        http = new HttpClient { BaseAddress = new Uri(host, "api/v1/"), Timeout = RequestTimeout };
        clients = [.. Enumerable.Range(0, clientCount).Select(i => new RetryingClient(
            string.Create(CultureInfo.InvariantCulture, $"{seed}.{i}"), new Random(random.Next()), http, Journal))];
    }

    /// <summary>The outcomes of the commands.</summary>
    public Journal Journal { get; } = new();

    /// <summary>The number of retries and the number of replayed answers.</summary>
    public (int Retries, int Replays) Repeats => (clients.Sum(client => client.Retries), clients.Sum(client => client.Replays));

    public void Start() => running = Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(() => stopping, givesUp.Token))));

    /// <summary>Waits until this many more commands are answered.</summary>
    public Task AnsweredAsync(int more, TimeSpan within)
    {
        var goal = Journal.Answered.Count + more;
        return Eventually.HoldsAsync(within, $"{more} more answered commands", () => Journal.Answered.Count >= goal);
    }

    /// <summary>Lets each client finish its command.</summary>
    public async Task StopAsync(TimeSpan within)
    {
        stopping = true;
        givesUp.CancelAfter(within);
        await running;
        var (retries, replays) = Repeats;
        TestContext.Current.TestOutputHelper?.WriteLine($"the load: {Journal}, {retries} sent again, {replays} answered again");
    }

    public async ValueTask DisposeAsync()
    {
        stopping = true;
        await givesUp.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        givesUp.Dispose();
    }
}
