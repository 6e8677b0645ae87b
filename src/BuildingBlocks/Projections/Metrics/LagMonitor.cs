using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Metrics;

/// <summary>
/// How far the live generations are behind their logs, by partition, as far as this process owns them. It asks where the logs end now and then, while somebody measures; a measurement itself asks nobody.
/// </summary>
internal sealed partial class LagMonitor : BackgroundService
{
    /// <summary>Events that are not applied, by <c>projection</c>, <c>log</c> and <c>partition</c>.</summary>
    public const string LagName = "monolith.projection.lag";

    /// <summary>How old the oldest event is that is not applied, by the same; 0 where there is none. Where the log is another process's, it is not told.</summary>
    public const string AgeName = "monolith.projection.age";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly ProjectionStatus[] projections;
    private readonly LogHeads heads;
    private readonly TimeProvider clock;
    private readonly ILogger<LagMonitor> logger;
    private readonly Meter meter;
    private readonly ObservableGauge<long> lag;
    private volatile Lag[] lags = [];

    public LagMonitor(IMeterFactory meters, IEnumerable<ProjectionStatus> projections, LogHeads heads, TimeProvider clock, ILogger<LagMonitor> logger)
    {
        this.projections = [.. projections];
        this.heads = heads;
        this.clock = clock;
        this.logger = logger;
        meter = meters.Create(ProjectionMetrics.MeterName);
        lag = meter.CreateObservableGauge(LagName, () => lags.Select(one => new Measurement<long>(one.Events, one.Tags)), "{event}", "Events that the live generation has not applied.");
        meter.CreateObservableGauge(
            AgeName, () => lags.Where(one => one.Age is not null).Select(one => new Measurement<double>(one.Age!.Value.TotalSeconds, one.Tags)), "s", "How old the oldest event is that the live generation has not applied.");
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(LookEvery, clock, stoppingToken);
            try
            {
                lags = lag.Enabled ? await LookAsync(stoppingToken) : [];
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Database or broker are away: their own checks say so, and a figure of before would be none of now.
                lags = [];
                CannotLook(exception.Message);
            }
        }
    }

    private async Task<Lag[]> LookAsync(CancellationToken cancellation)
    {
        var ends = await heads.NowAsync(projections.SelectMany(projection => projection.Logs).Distinct(), cancellation);
        // What was applied is looked at behind the heads: what came meanwhile is no lag.
        var places = projections.SelectMany(projection => projection.Partitions.Select(place => (projection.Name, place.Partition, place.NextOffset, Events: Math.Max(0, ends.GetValueOrDefault(place.Partition) - place.NextOffset)))).ToArray();
        var ages = new Dictionary<EventOffset, TimeSpan>();
        foreach (var projection in places.Where(place => place.Events > 0).GroupBy(place => place.Name))
        {
            EventOffset[] behind = [.. projection.Select(place => new EventOffset(place.Partition, place.NextOffset))];
            var found = await heads.AgesAsync(behind, cancellation);
            foreach (var place in behind.Where(place => found.ContainsKey(place.Partition)))
                ages[place] = found[place.Partition];
        }

        return [.. places.Select(place => new Lag(
            place.Events,
            place.Events == 0 ? TimeSpan.Zero : ages.TryGetValue(new EventOffset(place.Partition, place.NextOffset), out var age) ? age : null,
            [new("projection", place.Name), new("log", place.Partition.Log), new("partition", place.Partition.Partition)]))];
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "How far projections are behind cannot be told: {Reason}")]
    private partial void CannotLook(string reason);

    private sealed record Lag(long Events, TimeSpan? Age, KeyValuePair<string, object?>[] Tags);
}
