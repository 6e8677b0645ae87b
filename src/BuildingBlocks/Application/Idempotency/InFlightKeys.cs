using System.Collections.Concurrent;

namespace Monolith.BuildingBlocks.Application.Idempotency;

/// <summary>The keys whose commands are running in this process, whichever module runs them.</summary>
internal sealed class InFlightKeys
{
    private readonly ConcurrentDictionary<string, byte> keys = new();

    public bool TryBegin(string key) => keys.TryAdd(key, 0);

    public void End(string key) => keys.TryRemove(key, out _);
}
