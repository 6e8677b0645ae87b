namespace Monolith.Host.Cli.Logs;

/// <summary>The logs of a host.</summary>
internal sealed record LogList(IReadOnlyList<LogEntry> Items);

/// <summary>One log.</summary>
internal sealed record LogEntry(string Name, string Module, long Events, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, IReadOnlyList<LogPartitionEntry> Partitions);

/// <summary>One partition of a log.</summary>
internal sealed record LogPartitionEntry(int Partition, long NextOffset, long? RelayedOffset);
