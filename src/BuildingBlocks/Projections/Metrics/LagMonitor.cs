using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Metrics;

/// <summary>
/// Measures the lag of the live generations, for the partitions that this process owns. It reads the heads of the logs at intervals while
/// the metric is collected; a collection itself reads nothing.
/// </summary>
internal sealed partial class LagMonitor : BackgroundService
{
    /// <summary>Events that were not applied, by <c>projection</c>, <c>log</c> and <c>partition</c>.</summary>
    public const string LagName = "monolith.projection.lag";

    /// <summary>
    /// The age of the oldest event that was not applied, by the same tags; 0 if there is none. Missing if the log runs in another process.
    /// </summary>
    public const string AgeName = "monolith.projection.age";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ProjectionStatus[] projections;
    private readonly LogHeads heads;
    private readonly TimeProvider clock;
    private readonly ILogger<LagMonitor> logger;
    private readonly Meter meter;
    private readonly ObservableGauge<long> lag;
    private volatile Lag[] lags = [];

    public LagMonitor(
        IMeterFactory meters, IEnumerable<ProjectionStatus> projections, LogHeads heads, TimeProvider clock, ILogger<LagMonitor> logger)
    {
        this.projections = [.. projections];
        this.heads = heads;
        this.clock = clock;
        this.logger = logger;
        meter = meters.Create(ProjectionMetrics.MeterName);
        lag = meter.CreateObservableGauge(
            LagName,
            () => lags.Select(sample => new Measurement<long>(sample.Events, sample.Tags)),
            "{event}",
            "Events that the live generation has not applied.");
        meter.CreateObservableGauge(
            AgeName,
            () => lags.Where(sample => sample.Age is not null)
                .Select(sample => new Measurement<double>(sample.Age!.Value.TotalSeconds, sample.Tags)),
            "s",
            "How old the oldest event is that the live generation has not applied.");
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
            await Task.Delay(Interval, clock, stoppingToken);
            try
            {
                lags = lag.Enabled ? await MeasureAsync(stoppingToken) : [];
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Database or broker are unavailable, as their health checks say. Old figures would be wrong now.
                lags = [];
                LogUnknownLag(exception.Message);
            }
        }
    }

    private async Task<Lag[]> MeasureAsync(CancellationToken cancellation)
    {
        var current = await heads.NowAsync(projections.SelectMany(projection => projection.Logs).Distinct(), cancellation);
        // Checkpoints are read after the heads: events appended meanwhile do not count as lag.
        var partitions = projections.SelectMany(projection => projection.Partitions.Select(partition => (
            projection.Name,
            Offset: new EventOffset(partition.Partition, partition.NextOffset),
            Events: Math.Max(0, current.GetValueOrDefault(partition.Partition) - partition.NextOffset)))).ToArray();
        var ages = new Dictionary<EventOffset, TimeSpan>();
        foreach (var projection in partitions.Where(partition => partition.Events > 0).GroupBy(partition => partition.Name))
        {
            EventOffset[] behind = [.. projection.Select(partition => partition.Offset)];
            var found = await heads.AgesAsync(behind, cancellation);
            foreach (var offset in behind.Where(offset => found.ContainsKey(offset.Partition)))
                ages[offset] = found[offset.Partition];
        }

        return
        [
            .. partitions.Select(partition => new Lag(
                partition.Events,
                partition.Events == 0 ? TimeSpan.Zero : ages.TryGetValue(partition.Offset, out var age) ? age : null,
                [
                    new("projection", partition.Name),
                    new("log", partition.Offset.Partition.Log),
                    new("partition", partition.Offset.Partition.Partition),
                ])),
        ];
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The lag of projections is unknown: {Reason}")]
    private partial void LogUnknownLag(string reason);

    private sealed record Lag(long Events, TimeSpan? Age, KeyValuePair<string, object?>[] Tags);
}
