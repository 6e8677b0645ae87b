using Monolith.Benchmarks.Analytics;
using Monolith.Benchmarks.CatchUp;
using Monolith.Benchmarks.Commands;
using Monolith.Benchmarks.Join;
using Monolith.Benchmarks.Reads;
using Monolith.Benchmarks.RebuildImpact;
using Monolith.Benchmarks.Replay;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Searching;
using Monolith.Benchmarks.Streaming;
using Monolith.Benchmarks.Visible;

namespace Monolith.Benchmarks;

/// <summary>Runs the selected benchmarks, each on new servers, and prints the results.</summary>
internal static class BenchmarkRun
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private static readonly IBenchmark[] All =
    [
        new CommandsBenchmark(), new ReadsBenchmark(), new VisibleBenchmark(), new CatchUpBenchmark(), new ReplayBenchmark(),
        new GrowthBenchmark(), new RebuildImpactBenchmark(), new StreamBenchmark(), new SearchBenchmark(),
        new JoinBenchmark(), new AnalyticsBenchmark(),
    ];

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        if (BenchmarkOptions.Parse(args, [.. All.Select(benchmark => benchmark.Name)]) is not { } options)
        {
            await Console.Error.WriteLineAsync(
                $"Usage: ./bench [{string.Join(" | ", All.Select(benchmark => benchmark.Name))} …] [--quick] [--markdown]");
            return WrongUsage;
        }

        await Console.Out.WriteLineAsync(options.Markdown ? Machine.Markdown(options.Scale) : Machine.Text(options.Scale));
        try
        {
            foreach (var name in options.Names)
                await RunOneAsync(All.Single(benchmark => benchmark.Name == name), options, cancellation);
            return Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return Failed;
        }
    }

    private static async Task RunOneAsync(IBenchmark benchmark, BenchmarkOptions options, CancellationToken cancellation)
    {
        Progress.Say($"{benchmark.Name}: starting the servers");
        await using var stage = await Stage.SetAsync(options.Scale, cancellation);
        foreach (var table in await benchmark.RunAsync(stage, cancellation))
            await Console.Out.WriteLineAsync(options.Markdown ? table.Markdown() : table.Text());
    }
}
