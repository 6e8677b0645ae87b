using System.Globalization;
using System.Text.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.DeadLetters;

/// <summary>A parked event as it was read, and which writing of its document that was.</summary>
internal sealed record DeadLetterDocument(DeadLetterEntry Letter, string Id, DocumentVersion DocumentVersion)
{
    /// <summary>Most partitions of a log that sequences tell apart.</summary>
    private const int MostPartitions = 1 << PartitionBits;
    private const int PartitionBits = 12;

    /// <summary>
    /// The place of an event among all that are parked. It follows from the event: hosts that park at the same time take no number from each other, and an event that is parked twice is parked once.
    /// Events of one key are of one partition, and so are in order.
    /// </summary>
    public static long SequenceOf(LogRecord record) => record.Partition < MostPartitions
        ? (record.Offset << PartitionBits) + record.Partition + 1
        : throw new NotSupportedException($"{record.Log} has more than {MostPartitions} partitions: more than parked events can be told apart by.");

    public static string IdOf(int generation, LogPartition partition, long offset) => string.Create(CultureInfo.InvariantCulture, $"parked-g{generation}-{partition.Log}-{partition.Partition}-{offset}");

    public static DeadLetterDocument Of(JsonElement hit) => new(
        DeadLettersJson.Read(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(hit.GetProperty("_source").GetProperty("letter"))), hit.GetProperty("_id").GetString()!, DocumentVersion.Of(hit));

    /// <summary>Adds the writing of a letter to a bulk request.</summary>
    /// <param name="body">The request.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="letter">The letter.</param>
    /// <param name="before">What was read of it, where the writing is to hold only if nobody has written since.</param>
    public static void Add(BulkBody body, int generation, DeadLetterEntry letter, DeadLetterDocument? before = null)
    {
        var id = IdOf(generation, letter.Offset.Partition, letter.Offset.Offset);
        var writer = before is null ? body.Begin(id) : body.BeginUnchanged(id, before.DocumentVersion.Sequence, before.DocumentVersion.Term);
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "parked"u8);
        writer.WriteNumber("generation"u8, generation);
        writer.WriteString("key"u8, letter.Key);
        writer.WriteNumber("partition"u8, letter.Record.Partition);
        writer.WriteNumber("offset"u8, letter.Record.Offset);
        writer.WriteNumber("sequence"u8, letter.Sequence);
        if (letter.Request is { } asked)
            writer.WriteString("asked"u8, asked.ToString());
        if (letter.Operation is { } operation)
            writer.WriteString("operation"u8, operation);
        writer.WritePropertyName("letter"u8);
        writer.WriteRawValue(DeadLettersJson.Write(letter));
        writer.WriteEndObject();
        body.End();
    }
}
