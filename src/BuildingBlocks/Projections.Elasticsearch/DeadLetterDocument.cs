using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>The document of a dead letter, with its version.</summary>
internal sealed record DeadLetterDocument(DeadLetterEntry Entry, string Id, DocumentVersion Version)
{
    /// <summary>The maximum number of partitions of a log.</summary>
    private const int MaxPartitions = 1 << PartitionBits;
    private const int PartitionBits = 12;

    /// <summary>
    /// The sequence number of an event among all dead letters. It is computed from the event, so hosts need no shared counter and repeated
    /// writes are idempotent. Events of a key are in one partition and therefore in order.
    /// </summary>
    public static long SequenceOf(LogRecord record) => record.Partition < MaxPartitions
        ? (record.Offset << PartitionBits) + record.Partition + 1
        : throw new NotSupportedException($"{record.Log} has more than {MaxPartitions} partitions, which dead letters do not support.");

    public static string IdOf(int generation, LogPartition partition, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"parked-g{generation}-{partition.Log}-{partition.Partition}-{offset}");

    public static DeadLetterDocument Of(JsonElement hit) => new(
        DeadLettersJson.Read(JsonMarshal.GetRawUtf8Value(hit.GetProperty("_source").GetProperty("letter"))),
        hit.GetProperty("_id").GetString()!,
        DocumentVersion.Of(hit));

    /// <summary>Adds a document to a bulk request.</summary>
    /// <param name="body">The request.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="entry">The dead letter.</param>
    /// <param name="before">The document to replace, if it has not changed; null to replace any.</param>
    public static void Add(BulkBody body, int generation, DeadLetterEntry entry, DeadLetterDocument? before = null)
    {
        var id = IdOf(generation, entry.Offset.Partition, entry.Offset.Offset);
        var writer = before is null ? body.Begin(id) : body.BeginUnchanged(id, before.Version.Sequence, before.Version.Term);
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "parked"u8);
        writer.WriteNumber("generation"u8, generation);
        writer.WriteString("key"u8, entry.Key);
        writer.WriteNumber("partition"u8, entry.Record.Partition);
        writer.WriteNumber("offset"u8, entry.Record.Offset);
        writer.WriteNumber("sequence"u8, entry.Sequence);
        if (entry.Request is { } request)
            writer.WriteString("asked"u8, request.ToString());
        if (entry.Operation is { } operation)
            writer.WriteString("operation"u8, operation);
        writer.WritePropertyName("letter"u8);
        writer.WriteRawValue(DeadLettersJson.Write(entry));
        writer.WriteEndObject();
        body.End();
    }
}
