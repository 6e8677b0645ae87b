using System.Buffers;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>What one connection is sent, message by message.</summary>
public interface IEventSource : IAsyncDisposable
{
    /// <summary>Where the client stands after everything that was written, for its Last-Event-ID; null where there is nothing to come back to.</summary>
    string? Place { get; }

    /// <summary>Writes what there is, a buffer full at most; waits for something where there is nothing.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="atMost">How long to wait; then it comes back without having written.</param>
    /// <param name="cancellation">The connection ends.</param>
    /// <returns>Whether more can follow. False: the client was too slow, and must come back for what it missed.</returns>
    ValueTask<bool> WriteAsync(IBufferWriter<byte> into, TimeSpan atMost, CancellationToken cancellation);
}
