using System.Globalization;
using System.Net.Http.Json;

namespace Monolith.Testing.Processes;

/// <summary>A proxy in front of one server that simulates network faults: delays and lost connections.</summary>
public sealed class Toxiproxy : IAsyncDisposable
{
    private const string Name = "server";

    private static readonly string[] Directions = ["upstream", "downstream"];

    private readonly ChildProcess process;
    private readonly HttpClient control;

    private Toxiproxy(ChildProcess process, HttpClient control, int port)
    {
        this.process = process;
        this.control = control;
        Port = port;
    }

    /// <summary>The address for clients.</summary>
    public int Port { get; }

    /// <summary>Starts a proxy in front of a loopback port.</summary>
    /// <param name="program">The server's program.</param>
    /// <param name="upstreamPort">The port behind it.</param>
    /// <param name="folder">Its working directory.</param>
    public static async Task<Toxiproxy> StartAsync(string program, int upstreamPort, string folder)
    {
        var (controlPort, port) = (FreeAddress.Port(), FreeAddress.Port());
        var process = await ChildProcess.StartAsync(
            [program, "-host", "127.0.0.1", "-port", controlPort.ToString(CultureInfo.InvariantCulture)],
            folder,
            new Dictionary<string, string>());
        var control =
            new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{controlPort}/")) };
        await Eventually.HoldsAsync(TimeSpan.FromSeconds(10), async () =>
        {
            (await control.GetAsync(new Uri("version", UriKind.Relative))).EnsureSuccessStatusCode();
            return null;
        });
        var proxy = new Toxiproxy(process, control, port);
        await proxy.PostAsync("proxies", new { name = Name, listen = Local(port), upstream = Local(upstreamPort), enabled = true });
        return proxy;
    }

    /// <summary>Delays all responses of the server.</summary>
    /// <param name="latency">The mean delay.</param>
    /// <param name="jitter">The variation of the delay.</param>
    public Task SlowAsync(TimeSpan latency, TimeSpan jitter) => PostAsync(
        $"proxies/{Name}/toxics",
        new
        {
            name = "slow",
            type = "latency",
            stream = "downstream",
            attributes = new { latency = (int)latency.TotalMilliseconds, jitter = (int)jitter.TotalMilliseconds },
        });

    /// <summary>Keeps all connections open, but stops all traffic in both directions.</summary>
    public async Task SilenceAsync()
    {
        foreach (var direction in Directions)
            await PostAsync(
                $"proxies/{Name}/toxics",
                new { name = $"silent-{direction}", type = "timeout", stream = direction, attributes = new { timeout = 0 } });
    }

    /// <summary>Resumes the traffic.</summary>
    public async Task SpeakAsync()
    {
        foreach (var direction in Directions)
            (await control.DeleteAsync(new Uri($"proxies/{Name}/toxics/silent-{direction}", UriKind.Relative))).EnsureSuccessStatusCode();
    }

    /// <summary>Closes all connections and refuses new ones.</summary>
    public Task CutAsync() => PostAsync($"proxies/{Name}", new { enabled = false });

    /// <summary>Accepts connections again.</summary>
    public Task MendAsync() => PostAsync($"proxies/{Name}", new { enabled = true });

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        await process.DisposeAsync();
    }

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private async Task PostAsync(string path, object body)
    {
        using var answer = await control.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }
}
