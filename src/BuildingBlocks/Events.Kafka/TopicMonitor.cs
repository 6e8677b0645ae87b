using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Logs;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Checks at intervals that topics exist, that they have the right partitions and settings, and that no records were deleted. One check
/// takes three requests for all topics.
/// </summary>
internal sealed partial class TopicMonitor(
    IReadOnlyList<string> topics,
    IEnumerable<IEventLog> logs,
    KafkaAdmin admin,
    TopicBeginnings beginnings,
    TimeProvider clock,
    ILogger<TopicMonitor> logger) : BackgroundService
{
    /// <summary>With this interval a change is reported within 30 seconds, even if one check fails.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, int> partitions = logs.ToDictionary(log => log.Name, log => log.Partitions);
    private readonly HashSet<string> missing = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, ConfigEntryResult>> settings = [];
    private volatile IReadOnlyList<string> faults = [];

    /// <summary>What is wrong with topics and how to repair it, in sentences.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>Checks all topics now. If settings or beginnings cannot be read, earlier findings about them still hold.</summary>
    /// <exception cref="KafkaException">The cluster does not respond.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        var existing = await admin.DescribeAllAsync(topics).WaitAsync(cancellation);
        await ReadSettingsAsync(existing, cancellation);
        await CheckBeginningsAsync(existing, cancellation);

        var found = new List<string>();
        foreach (var topic in topics)
        {
            if (existing.FirstOrDefault(description => description.Name == topic) is { } description)
            {
                found.AddRange(FaultsOf(description));
            }
            else if (IsMissing(topic))
            {
                found.Add($"The topic {topic} does not exist. The process that runs its module creates it and fills it from the log: "
                    + "start that process, or check its relay.");
            }
        }

        foreach (var fault in found.Except(faults))
            FaultFound(fault);
        faults = found;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The health check of Kafka reports this. Earlier findings still hold.
                CheckFailed(exception.Message);
            }

            await Task.Delay(CheckInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadSettingsAsync(IReadOnlyList<TopicDescription> existing, CancellationToken cancellation)
    {
        try
        {
            foreach (var (topic, found) in await admin.SettingsAsync([.. existing.Select(topic => topic.Name)]).WaitAsync(cancellation))
                settings[topic] = found;
        }
        catch (KafkaException exception)
        {
            // A host that only reads may not be allowed to see settings. The host that writes the topic is.
            CheckFailed(exception.Message);
        }
    }

    private async Task CheckBeginningsAsync(IReadOnlyList<TopicDescription> existing, CancellationToken cancellation)
    {
        try
        {
            await beginnings.CheckAsync(existing, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            CheckFailed(exception.Message);
        }
    }

    private IEnumerable<string> FaultsOf(TopicDescription topic)
    {
        missing.Remove(topic.Name);
        // For the log of another process, only a change of the number can be detected.
        partitions.TryAdd(topic.Name, topic.Partitions.Count);
        if (TopicRules.PartitionFaultOf(topic.Name, topic.Partitions.Count, partitions[topic.Name]) is { } wrongPartitions)
            yield return wrongPartitions;
        foreach (var wrongSetting in settings.TryGetValue(topic.Name, out var known) ? TopicRules.FaultsOf(topic.Name, known) : [])
            yield return wrongSetting;
        if (beginnings.FaultOf(topic) is { } deleted)
            yield return deleted;
    }

    // On a first start, or after it was deleted, a topic is created within seconds. It is missing if two checks in a row do not find it.
    private bool IsMissing(string topic)
    {
        beginnings.Forget(topic);
        settings.Remove(topic);
        return !missing.Add(topic);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Fault}")]
    private partial void FaultFound(string fault);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The topics could not be checked: {Reason}")]
    private partial void CheckFailed(string reason);
}

/// <summary>Degraded while a topic has a fault: commands and live read models work, but later readers may not get all events.</summary>
internal sealed class TopicHealthCheck(TopicMonitor monitor) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            monitor.Faults is { Count: > 0 } faults ? HealthCheckResult.Degraded(string.Join(' ', faults)) : HealthCheckResult.Healthy());
}
