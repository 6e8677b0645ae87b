using Monolith.BuildingBlocks.EventLog.Reading;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.EventLog.Embedded;

/// <summary>
/// The transport without a broker: readers take the events straight from the modules' logs, each log through its own reader role. Durable and replayable, with the same partitions and
/// offsets, in one process.
/// </summary>
internal sealed class EmbeddedTransport(IEnumerable<PostgresLog> logs) : IEventTransport
{
    /// <summary>What positions belong to: there is only one log of a name, and its offsets are the positions.</summary>
    public const string Source = "log";

    private readonly Dictionary<string, PostgresLog> logs = logs.ToDictionary(log => log.Name);

    public bool IsCopy => false;

    public IEventReader Open(Subscription subscription)
    {
        var missing = subscription.Logs.FirstOrDefault(name => !logs.ContainsKey(name));
        return missing is null
            ? new EmbeddedReader(subscription, [.. subscription.Logs.Select(name => logs[name])])
            : throw NotHere(subscription.Group, missing);
    }

    public async Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) => await logs[log].HeadsAsync(cancellation);

    // The checkpoints say it all: nothing is kept of a group.
    public Task ForgetAsync(string group, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<LogHead>> EndsAsync(string log, CancellationToken cancellation)
    {
        var here = logs.GetValueOrDefault(log) ?? throw NotHere("A reactor", log);
        var ends = await new PostgresLogReader(here, here.Database.Reader).EndsAsync(cancellation);
        return [.. ends.Select(end => new LogHead(new LogPartition(log, end.Partition), end.NextOffset, end.LastEventId, end.NextOffset - 1, end.LastEventId is null ? null : Source))];
    }

    private static InvalidOperationException NotHere(string reader, string log) =>
        new($"{reader} reads {log}, whose module does not run in this process: set Transport=Kafka, or add the module to the setting 'Modules'.");
}
