using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Admin.Logs;

/// <summary>An event log as operators see it.</summary>
/// <param name="Name">The name of the log, which is also that of its topic.</param>
/// <param name="Module">The module that writes it.</param>
/// <param name="Events">The number of events.</param>
/// <param name="FirstAt">The time of the earliest event.</param>
/// <param name="LastAt">The time of the latest event.</param>
/// <param name="Partitions">The partitions in their order.</param>
internal sealed record LogBody(
    string Name, string Module, long Events, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, IReadOnlyList<LogPartitionBody> Partitions)
{
    public static LogBody Of(ModuleLog log, LogSummary summary) => new(
        log.Log.Name,
        log.Module,
        summary.Heads.Sum(),
        summary.FirstAt,
        summary.LastAt,
        [.. summary.Heads.Select((head, partition) => new LogPartitionBody(partition, head, log.Relay?.RelayedOffset(partition)))]);
}

/// <summary>A partition of a log as operators see it.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The offset that the next event gets.</param>
/// <param name="RelayedOffset">The topic has every event below it. Null without a topic, or if another process relays it.</param>
internal sealed record LogPartitionBody(int Partition, long NextOffset, long? RelayedOffset);

[JsonSerializable(typeof(PageBody<LogBody>))]
internal sealed partial class LogsJson : JsonSerializerContext
{
    public static LogsJson Web { get; } = new(EventJson.NewOptions());
}
