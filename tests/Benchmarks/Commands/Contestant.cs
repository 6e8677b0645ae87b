using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Commands;

/// <summary>A server under test and the results of its rounds.</summary>
internal sealed class Contestant(string name, Database database, IAsyncDisposable server, int processId, ILoad load) : IAsyncDisposable
{
    private readonly List<ShopRound> rounds = [];
    private readonly List<double> serverCpu = [];
    private readonly List<double> postgresCpu = [];
    private readonly List<double> generatorCpu = [];

    public string Name { get; } = name;

    public Database Database { get; } = database;

    public double Rate => Samples.Median(rounds.Select(round => round.Rate));

    /// <summary>Processor time per request, by process.</summary>
    public (double Server, double Postgres, double Generator) Cpu =>
        (Samples.Median(serverCpu), Samples.Median(postgresCpu), Samples.Median(generatorCpu));

    /// <summary>A percentile of the latencies: the median of the rounds.</summary>
    public double Latency(double part) => Samples.Median(rounds.Select(round => Samples.Percentile(round.Latencies, part)));

    public Task WarmUpAsync(TimeSpan duration, CancellationToken cancellation) => load.SaturateAsync(duration, cancellation);

    public async Task RunRoundAsync(TimeSpan duration, int postmasterId, CancellationToken cancellation)
    {
        var (server, postgres, generator) = Used(postmasterId);
        var round = await load.SaturateAsync(duration, cancellation);
        var (serverAfter, postgresAfter, generatorAfter) = Used(postmasterId);
        rounds.Add(round);
        serverCpu.Add((serverAfter - server) / round.Commands);
        postgresCpu.Add((postgresAfter - postgres) / round.Commands);
        generatorCpu.Add((generatorAfter - generator) / round.Commands);
        Progress.Say($"{Name}: {Cells.Count(round.Rate)} a second");
    }

    public async ValueTask DisposeAsync()
    {
        load.Dispose();
        await server.DisposeAsync();
    }

    private (double Server, double Postgres, double Generator) Used(int postmasterId) =>
        (CpuMeter.Of(processId), CpuMeter.WithChildren(postmasterId), CpuMeter.Of(Environment.ProcessId));
}
