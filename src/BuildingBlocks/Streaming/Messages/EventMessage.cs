using System.Buffers;
using System.Text.Json;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Web.ServerSentEvents;

namespace Monolith.BuildingBlocks.Streaming.Messages;

/// <summary>Writes an event as a message of a stream: the envelope as in the admin API, and the event's data verbatim.</summary>
internal static class EventMessage
{
    private static readonly JsonWriterOptions Options = new() { Encoder = PlainTextEncoder.Instance };
    private static readonly UtcMicroseconds Times = new();

    public static byte[] Of(LiveEvent live)
    {
        var record = live.Record;
        var data = new ArrayBufferWriter<byte>(record.Data.Length + 512);
        using (var json = new Utf8JsonWriter(data, Options))
            Write(json, record);
        var message = new ArrayBufferWriter<byte>(data.WrittenCount + 256);
        SseText.Message(message, live.Cursor, record.Type, data.WrittenSpan);
        return message.WrittenSpan.ToArray();
    }

    /// <summary>The module that owns a log (<c>orders</c>).</summary>
    public static string ModuleOf(string log) =>
        log.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? log[..dot] : log;

    private static void Write(Utf8JsonWriter json, LogRecord record)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, record.EventId);
        json.WriteString("type"u8, record.Type);
        json.WriteString("module"u8, ModuleOf(record.Log));
        json.WriteString("streamId"u8, record.StreamId);
        json.WriteNumber("streamVersion"u8, record.StreamVersion);
        json.WriteNumber("partition"u8, record.Partition);
        json.WriteNumber("offset"u8, record.Offset);
        json.WritePropertyName("occurredAt"u8);
        Times.Write(json, record.OccurredAt, JsonSerializerOptions.Default);
        json.WriteString("actor"u8, record.Actor);
        json.WriteString("correlationId"u8, record.CorrelationId);
        if (record.CausationId is { } cause)
            json.WriteString("causationId"u8, cause);
        else
            json.WriteNull("causationId"u8);
        json.WriteString("traceParent"u8, record.TraceParent);
        json.WritePropertyName("data"u8);
        // PostgreSQL validated the JSON when it was stored.
        json.WriteRawValue(record.Data.Span, skipInputValidation: true);
        json.WriteEndObject();
    }
}
