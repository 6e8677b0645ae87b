namespace Monolith.BuildingBlocks.EventLog.Transport;

/// <summary>Carries the events of logs to their readers: at least once, in offset order per partition, each record with its log offset.</summary>
public interface IEventTransport
{
    /// <summary>Starts to read.</summary>
    /// <param name="subscription">What to read, and as whom.</param>
    /// <returns>A reader that runs until it is disposed.</returns>
    IEventReader Open(Subscription subscription);
}
