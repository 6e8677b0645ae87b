using System.Buffers;
using Monolith.BuildingBlocks.Web.ServerSentEvents;

namespace Monolith.BuildingBlocks.Streaming.Streams;

/// <summary>Events as the messages of one connection.</summary>
internal sealed class EventSource(LiveSubscription subscription) : IEventSource
{
    private readonly List<LiveEvent> events = [];

    public string? Place => subscription.Place;

    public async ValueTask<bool> WriteAsync(IBufferWriter<byte> into, TimeSpan atMost, CancellationToken cancellation)
    {
        events.Clear();
        if (!await subscription.ReadAsync(events, atMost, cancellation))
            return false;
        foreach (var live in events)
            into.Write(live.Message);
        return true;
    }

    public ValueTask DisposeAsync() => subscription.DisposeAsync();
}
