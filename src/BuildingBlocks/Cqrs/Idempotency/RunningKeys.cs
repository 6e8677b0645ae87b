using System.Collections.Concurrent;

namespace Monolith.BuildingBlocks.Cqrs.Idempotency;

/// <summary>The keys of a module whose commands are running in this process.</summary>
internal sealed class RunningKeys
{
    private readonly ConcurrentDictionary<string, byte> running = new();

    public bool TryBegin(string key) => running.TryAdd(key, 0);

    public void End(string key) => running.TryRemove(key, out _);
}
