using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.EventLog.Embedded;

/// <summary>
/// The transport without a broker: readers take the events straight from the modules' logs, each log through its own reader role. Durable and replayable, with the same partitions and
/// offsets, in one process.
/// </summary>
internal sealed class EmbeddedTransport(IEnumerable<PostgresLog> logs) : IEventTransport
{
    private readonly Dictionary<string, PostgresLog> logs = logs.ToDictionary(log => log.Name);

    public IEventReader Open(Subscription subscription)
    {
        var missing = subscription.Logs.FirstOrDefault(name => !logs.ContainsKey(name));
        return missing is null
            ? new EmbeddedReader(subscription, [.. subscription.Logs.Select(name => logs[name])])
            : throw new InvalidOperationException(
                $"{subscription.Group} reads {missing}, whose module does not run in this process: set Transport=Kafka, or add the module to the setting 'Modules'.");
    }
}
