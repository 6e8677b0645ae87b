using System.Buffers;
using Monolith.BuildingBlocks.Streaming.Feed;
using Monolith.BuildingBlocks.Streaming.Messages;
using Monolith.BuildingBlocks.Web.ServerSentEvents;

namespace Monolith.BuildingBlocks.Streaming.Routes;

/// <summary>The events of a subscription as the messages of one connection.</summary>
internal sealed class EventSource(LiveSubscription subscription) : IEventSource
{
    private readonly List<LiveEvent> events = [];

    public string? LastEventId => subscription.Cursor;

    public async ValueTask<bool> WriteAsync(IBufferWriter<byte> into, TimeSpan timeout, CancellationToken cancellation)
    {
        events.Clear();
        if (!await subscription.ReadAsync(events, timeout, cancellation))
            return false;
        foreach (var live in events)
            into.Write(live.Message);
        return true;
    }

    public ValueTask DisposeAsync() => subscription.DisposeAsync();
}
