using Monolith.BuildingBlocks.Events.Postgres.Reading;

namespace Monolith.BuildingBlocks.Admin.Logs;

/// <summary>A log as operators see it.</summary>
/// <param name="Name">The log's name, which is that of its topic.</param>
/// <param name="Module">The module that writes it.</param>
/// <param name="Events">How many events it holds.</param>
/// <param name="FirstAt">The time of the earliest.</param>
/// <param name="LastAt">The time of the latest.</param>
/// <param name="Partitions">Its partitions, in their order.</param>
internal sealed record LogBody(string Name, string Module, long Events, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, IReadOnlyList<LogPartitionBody> Partitions)
{
    public static LogBody Of(ModuleLog log, LogSummary extent) => new(
        log.Log.Name,
        log.Module,
        extent.Heads.Sum(),
        extent.FirstAt,
        extent.LastAt,
        [.. extent.Heads.Select((head, partition) => new LogPartitionBody(partition, head, log.Relay?.RelayedOffset(partition)))]);
}
