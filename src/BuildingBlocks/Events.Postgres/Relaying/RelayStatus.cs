using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>The status of a log's relay in this process.</summary>
/// <param name="log">The name of the log.</param>
public sealed class RelayStatus(string log)
{
    private readonly ConcurrentDictionary<int, string> refused = new();

    /// <summary>The name of the log.</summary>
    public string Log { get; } = log;

    /// <summary>Why the relay does not work; null if it works.</summary>
    public string? Problem { get; internal set; } = "The relay has not started yet.";

    /// <summary>The number of partitions that this process relays.</summary>
    public int Partitions { get; internal set; }

    /// <summary>
    /// Returns the offset below which all events of a partition are stored in the topic; null if this process does not relay it.
    /// </summary>
    /// <param name="partition">The partition.</param>
    public long? RelayedOffset(int partition) => Relaying.TryGetValue(partition, out var relayed) ? relayed.Acknowledged : null;

    /// <summary>The number of live relays of this log, including this one.</summary>
    public int Relays { get; internal set; } = 1;

    /// <summary>How long no record has been acknowledged although records are in flight; zero if none are.</summary>
    public TimeSpan UnacknowledgedFor => InFlight?.StuckFor ?? TimeSpan.Zero;

    /// <summary>The partitions whose topic does not continue this log, with the reasons.</summary>
    public IReadOnlyDictionary<int, string> Refused => refused;

    /// <summary>A type in the log that this binary does not know, with the event that has it; null if there is none.</summary>
    public string? UnknownType { get; internal set; }

    /// <summary>The records in flight; null between sessions.</summary>
    internal InFlight? InFlight { get; set; }

    /// <summary>The partitions of the running session.</summary>
    internal IReadOnlyDictionary<int, RelayedPartition> Relaying { get; set; } = FrozenDictionary<int, RelayedPartition>.Empty;

    internal void Refuse(int partition, string reason) => refused[partition] = reason;

    internal void Accept(int partition) => refused.TryRemove(partition, out _);
}
