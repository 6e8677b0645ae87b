using System.Buffers;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>The messages of one connection.</summary>
public interface IEventSource : IAsyncDisposable
{
    /// <summary>The id with which the client can resume after everything that was written; null if it cannot resume.</summary>
    string? LastEventId { get; }

    /// <summary>Writes the next messages; waits while there are none.</summary>
    /// <param name="into">Receives them.</param>
    /// <param name="timeout">How long to wait; the method then returns without having written.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>False if the client was too slow and has to reconnect.</returns>
    ValueTask<bool> WriteAsync(IBufferWriter<byte> into, TimeSpan timeout, CancellationToken cancellation);
}
