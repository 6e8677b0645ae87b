namespace Monolith.BuildingBlocks.Events.Relaying;

/// <summary>Sends records to a topic in the order given, per partition. Disposing it drops what was not sent yet.</summary>
public interface IRelayProducer : IDisposable
{
    /// <summary>Queues a record; returns at once.</summary>
    /// <param name="record">The record.</param>
    void Produce(LogRecord record);
}
