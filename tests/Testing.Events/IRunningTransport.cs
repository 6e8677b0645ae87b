using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Testing.Events;

/// <summary>A running transport for the logs of the sample modules.</summary>
internal interface IRunningTransport : IAsyncDisposable
{
    IEventTransport Transport { get; }
}
