namespace Monolith.Benchmarks.Running;

/// <summary>A baseline in a process of its own: this very program under a hidden verb.</summary>
internal static class BareProcess
{
    public static Task<ChildProcess> StartAsync(IEnumerable<string> arguments, CancellationToken cancellation) =>
        ChildProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Monolith.Benchmarks.dll"), arguments, new Dictionary<string, string>(), cancellation);
}
