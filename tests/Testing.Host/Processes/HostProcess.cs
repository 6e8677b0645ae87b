namespace Monolith.Testing.Processes;

/// <summary>The host as in production: a separate process, configured by environment variables.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private const string ReadyLine = "ready: ";

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StoppedWithin = TimeSpan.FromSeconds(30);

    private HostProcess(ChildProcess process, Uri url)
    {
        Process = process;
        Url = url;
    }

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>The address of the host.</summary>
    public Uri Url { get; }

    private bool IsReady => Process.Lines.Any(line => line.StartsWith(ReadyLine, StringComparison.Ordinal));

    /// <summary>Starts a host; it is not ready yet.</summary>
    /// <param name="settings">Its configuration: names with <c>__</c>.</param>
    /// <param name="url">The address to listen on; a free one by default.</param>
    public static async Task<HostProcess> LaunchAsync(IReadOnlyDictionary<string, string> settings, Uri? url = null)
    {
        url ??= FreeAddress.Http();
        var environment = new Dictionary<string, string>(settings)
        {
            ["Urls"] = url.GetLeftPart(UriPartial.Authority),
            ["DOTNET_ENVIRONMENT"] = "Production",
        };
        return new HostProcess(await RunAsync([], environment), url);
    }

    /// <summary>Runs the host with arguments, such as <c>migrate</c>, until it exits.</summary>
    /// <param name="settings">Its configuration.</param>
    /// <param name="arguments">The verb and its options.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task RunVerbAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        await using var verb = await RunAsync(arguments, settings);
        if (await verb.ExitAsync(ReadyWithin) != 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments)} failed: {verb.Tail(10)}");
    }

    /// <summary>Starts the host with arguments.</summary>
    /// <param name="settings">Its configuration.</param>
    /// <param name="arguments">The arguments.</param>
    public static Task<ChildProcess> LaunchVerbAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        RunAsync(arguments, settings);

    /// <summary>Waits for its ready line.</summary>
    /// <exception cref="InvalidOperationException">It exited instead.</exception>
    public async Task ReadyAsync()
    {
        await Eventually.HoldsAsync(ReadyWithin, "the host is ready", () => IsReady || Process.HasExited);
        if (!IsReady)
            throw new InvalidOperationException($"The host ended instead of being ready: {Process.Tail(10)}");
    }

    /// <summary>Stops it by SIGTERM and waits for its exit.</summary>
    /// <exception cref="TimeoutException">It is still running.</exception>
    public async Task StopAsync()
    {
        await Process.TerminateAsync();
        await Process.ExitAsync(StoppedWithin);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static Task<ChildProcess> RunAsync(string[] arguments, IReadOnlyDictionary<string, string> settings) =>
        ChildProcess.StartAsync([ChildProcess.Dotnet, HostProgram.File, .. arguments], AppContext.BaseDirectory, settings);
}
