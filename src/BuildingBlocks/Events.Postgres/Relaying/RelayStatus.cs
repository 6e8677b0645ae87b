using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>Where the relay of a log stands in this process; written by the relay, read by health checks.</summary>
/// <param name="log">The log, by the name of its topic.</param>
public sealed class RelayStatus(string log)
{
    private readonly ConcurrentDictionary<int, string> refused = new();

    /// <summary>The log, by the name of its topic.</summary>
    public string Log { get; } = log;

    /// <summary>What keeps the relay from working at all; null where nothing does.</summary>
    public string? Problem { get; internal set; } = "The relay has not started yet.";

    /// <summary>The partitions that this process relays.</summary>
    public int Partitions { get; internal set; }

    /// <summary>Everything of a partition below this offset is safe in the topic; null where this process does not relay it.</summary>
    /// <param name="partition">The partition.</param>
    public long? RelayedOffset(int partition) => Relaying.TryGetValue(partition, out var relayed) ? relayed.Acknowledged : null;

    /// <summary>How many relays of this log are alive, this one included.</summary>
    public int Relays { get; internal set; } = 1;

    /// <summary>How long the topic has not acknowledged anything although something was sent; zero where nothing waits.</summary>
    public TimeSpan UnacknowledgedFor => InFlight?.StuckFor ?? TimeSpan.Zero;

    /// <summary>Partitions whose topic does not continue this log, and why.</summary>
    public IReadOnlyDictionary<int, string> Refused => refused;

    /// <summary>A type in the log that this binary does not know, with the event where it was seen first; null where there is none.</summary>
    public string? UnknownType { get; internal set; }

    /// <summary>What the running session waits for; null between sessions.</summary>
    internal InFlight? InFlight { get; set; }

    /// <summary>The partitions of the running session.</summary>
    internal IReadOnlyDictionary<int, RelayedPartition> Relaying { get; set; } = FrozenDictionary<int, RelayedPartition>.Empty;

    internal void Refuse(int partition, string reason) => refused[partition] = reason;

    internal void Accept(int partition) => refused.TryRemove(partition, out _);
}
