namespace Monolith.BuildingBlocks.Events.Channels;

/// <summary>
/// A publish/subscribe channel between hosts, for hints. Messages are not stored and may be lost, so that subscribers must also work
/// without them.
/// </summary>
public interface IHostChannel
{
    /// <summary>Publishes a message to the other hosts. This host does not receive it.</summary>
    /// <param name="message">The message, a few thousand bytes at most.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="Exception">The carrier of the channel does not respond.</exception>
    Task PublishAsync(string message, CancellationToken cancellation);

    /// <summary>
    /// Receives the messages of other hosts until it is stopped. It reconnects when the carrier of the channel is interrupted.
    /// </summary>
    /// <param name="received">Called for each message, one at a time. It must not block or throw.</param>
    /// <param name="stopping">Stops the subscription.</param>
    Task SubscribeAsync(Action<string> received, CancellationToken stopping);
}
