using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Logs;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Looks now and then whether the topics of events are still as they must be: there, with the right partitions and settings, and with all records from offset 0 on. Three requests for all topics.
/// </summary>
internal sealed partial class TopicWatch(IReadOnlyList<string> topics, IEnumerable<IEventLog> logs, KafkaAdmin admin, TopicBeginnings beginnings, TimeProvider clock, ILogger<TopicWatch> logger)
    : BackgroundService
{
    /// <summary>With it a change shows within half a minute, also where one look fails.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, int> partitions = logs.ToDictionary(log => log.Name, log => log.Partitions);
    private readonly HashSet<string> missing = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, ConfigEntryResult>> settings = [];
    private volatile IReadOnlyList<string> faults = [];

    /// <summary>What is wrong with topics, each with what to do; empty where nothing is.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>Looks at all topics now. Where settings or beginnings cannot be looked at, what was found out about them before still holds.</summary>
    /// <exception cref="KafkaException">The cluster does not answer which topics there are.</exception>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var there = await admin.DescribeAllAsync(topics).WaitAsync(cancellation);
        await LookAtSettingsAsync(there, cancellation);
        await LookAtBeginningsAsync(there, cancellation);

        var found = new List<string>();
        foreach (var topic in topics)
        {
            if (there.FirstOrDefault(description => description.Name == topic) is { } description)
                found.AddRange(FaultsOf(description));
            else if (IsMissing(topic))
                found.Add($"The topic {topic} does not exist. The process that runs its module creates it and fills it from the log: start that process, or check its relay.");
        }

        foreach (var fault in found.Except(faults))
            Found(fault);
        faults = found;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The broker is away: its own check says so, and what was found before still holds.
                CannotLook(exception.Message);
            }

            await Task.Delay(LookEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAtSettingsAsync(IReadOnlyList<TopicDescription> of, CancellationToken cancellation)
    {
        try
        {
            foreach (var (topic, found) in await admin.SettingsAsync([.. of.Select(topic => topic.Name)]).WaitAsync(cancellation))
                settings[topic] = found;
        }
        catch (KafkaException exception)
        {
            // A host that only reads may lack the right to see settings: the host that writes the topic has it.
            CannotLook(exception.Message);
        }
    }

    private async Task LookAtBeginningsAsync(IReadOnlyList<TopicDescription> of, CancellationToken cancellation)
    {
        try
        {
            await beginnings.LookAsync(of, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            CannotLook(exception.Message);
        }
    }

    private IEnumerable<string> FaultsOf(TopicDescription topic)
    {
        missing.Remove(topic.Name);
        // Of a log whose module runs elsewhere only a change can be told.
        partitions.TryAdd(topic.Name, topic.Partitions.Count);
        if (TopicRules.PartitionFaultOf(topic.Name, topic.Partitions.Count, partitions[topic.Name]) is { } fault)
            yield return fault;
        foreach (var wrong in settings.TryGetValue(topic.Name, out var known) ? TopicRules.FaultsOf(topic.Name, known) : [])
            yield return wrong;
        if (beginnings.FaultOf(topic) is { } deleted)
            yield return deleted;
    }

    /// <summary>A topic that is not there yet at a first start, or was just deleted, is made within seconds: it is missing when the next look does not find it either.</summary>
    private bool IsMissing(string topic)
    {
        beginnings.Forget(topic);
        settings.Remove(topic);
        return !missing.Add(topic);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Fault}")]
    private partial void Found(string fault);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The topics cannot be looked at: {Reason}")]
    private partial void CannotLook(string reason);
}
