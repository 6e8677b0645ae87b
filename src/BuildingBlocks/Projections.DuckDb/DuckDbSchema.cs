using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>The tables of checkpoints and dead letters in each file.</summary>
internal static class DuckDbSchema
{
    public const string Checkpoints = "checkpoints";
    public const string DeadLetters = "dead_letters";

    public static DuckDbColumns<Checkpoint> CheckpointColumns { get; } = new DuckDbColumns<Checkpoint>()
        .Text("log", point => point.Partition.Log)
        .Whole("partition", point => point.Partition.Partition)
        .Large("epoch", point => point.Epoch)
        .Large("next_offset", point => point.NextOffset)
        .Uuid("last_event_id", point => point.LastEventId)
        .Large("position", point => point.Position)
        .Text("source", point => point.Source);

    public static DuckDbColumns<DeadLetterLine> DeadLetterColumns { get; } = new DuckDbColumns<DeadLetterLine>()
        .Large("sequence", line => line.Sequence)
        .Text("key", line => line.Key)
        .Text("log", line => line.Record.Log)
        .Whole("partition", line => line.Record.Partition)
        .Large("offset", line => line.Record.Offset)
        .Uuid("event_id", line => line.Record.EventId)
        .Uuid("stream_id", line => line.Record.StreamId)
        .Large("stream_version", line => line.Record.StreamVersion)
        .Text("type", line => line.Record.Type)
        .Blob("data", line => line.Record.Data.ToArray())
        .Time("occurred_at", line => line.Record.OccurredAt)
        .Text("actor", line => line.Record.Actor)
        .Uuid("correlation_id", line => line.Record.CorrelationId)
        .Uuid("causation_id", line => line.Record.CausationId)
        .Text("traceparent", line => line.Record.TraceParent)
        .Text("reason", line => line.Reason)
        .Time("parked_at", line => line.ParkedAt)
        .Text("asked", _ => null)
        .Uuid("operation", _ => null);

    /// <summary>The statements that create the tables in a catalog.</summary>
    public static IEnumerable<string> Create(string catalog) =>
    [
        $"create table {catalog}.main.{Checkpoints} ({string.Join(", ", CheckpointColumns.Definitions)})",
        $"create table {catalog}.main.{DeadLetters} ({string.Join(", ", DeadLetterColumns.Definitions)})",
    ];

    public static Checkpoint Checkpoint(DuckDbLine line) =>
        new(new LogPartition(line.Text(), line.Whole()), line.Large(), line.Large(), line.UuidOrNull(), line.Large(), line.TextOrNull());

    /// <summary>The event of a dead letter, from the columns <c>log</c> to <c>traceparent</c>.</summary>
    public static LogRecord Record(DuckDbLine line) => new()
    {
        Log = line.Text(),
        Partition = line.Whole(),
        Offset = line.Large(),
        EventId = line.Uuid(),
        StreamId = line.Uuid(),
        StreamVersion = line.Large(),
        Type = line.Text(),
        Data = line.Blob(),
        OccurredAt = line.Time(),
        Actor = line.TextOrNull(),
        CorrelationId = line.Uuid(),
        CausationId = line.UuidOrNull(),
        TraceParent = line.TextOrNull(),
    };

    internal sealed record DeadLetterLine(long Sequence, string Key, LogRecord Record, string? Reason, DateTimeOffset ParkedAt);
}
