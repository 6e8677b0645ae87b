using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Testing.Events;

/// <summary>A transport with everything that it needs to carry the sample modules' logs.</summary>
internal interface IRunningTransport : IAsyncDisposable
{
    IEventTransport Transport { get; }
}
