namespace Monolith.Benchmarks.Running;

/// <summary>A baseline in a separate process: this program with a hidden verb.</summary>
internal static class BareProcess
{
    public static Task<ChildProcess> StartAsync(IEnumerable<string> arguments, CancellationToken cancellation) =>
        ChildProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Monolith.Benchmarks.dll"), arguments, new Dictionary<string, string>(), cancellation);
}
