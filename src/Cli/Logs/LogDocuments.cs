using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.Cli.Logs;

/// <summary>The event logs of a host.</summary>
internal sealed record LogList(IReadOnlyList<LogEntry> Items);

/// <summary>One event log.</summary>
internal sealed record LogEntry(
    string Name, string Module, long Events, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, IReadOnlyList<LogPartitionEntry> Partitions);

/// <summary>One partition of a log. The relayed offset is null if another host relays the partition.</summary>
internal sealed record LogPartitionEntry(int Partition, long NextOffset, long? RelayedOffset);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LogList))]
internal sealed partial class LogsJson : JsonSerializerContext;
