using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Converts events to Kafka records and back: CloudEvents in binary mode. The key is the stream id as text, the value is the unchanged data
/// of the event.
/// </summary>
internal static class RecordFormat
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private const int TimeFormatLength = 27;

    private static readonly StringPool Pool = new();

    private static readonly byte[] SpecVersion = "1.0"u8.ToArray();
    private static readonly byte[] JsonContent = "application/json"u8.ToArray();

    /// <summary>Creates the record of an event.</summary>
    public static Message<byte[], byte[]> MessageOf(LogRecord record)
    {
        var streamId = Encoding.ASCII.GetBytes(record.StreamId.ToString());
        var headers = new Headers
        {
            { "ce_specversion", SpecVersion },
            { "ce_id", Bytes(record.EventId.ToString()) },
            { "ce_source", Bytes(SourceOf(record.Log)) },
            { "ce_type", Bytes(record.Type) },
            { "ce_time", Bytes(record.OccurredAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)) },
            { "ce_subject", streamId },
            { "ce_sequence", Bytes(record.Offset.ToString(CultureInfo.InvariantCulture)) },
            { "ce_streamversion", Bytes(record.StreamVersion.ToString(CultureInfo.InvariantCulture)) },
            { "ce_correlationid", Bytes(record.CorrelationId.ToString()) },
            { "content-type", JsonContent },
        };
        if (record.Actor is { } actor)
            headers.Add("ce_actor", Bytes(actor));
        if (record.CausationId is { } causationId)
            headers.Add("ce_causationid", Bytes(causationId.ToString()));
        if (record.TraceParent is { } traceParent)
            headers.Add("traceparent", Bytes(traceParent));
        return new Message<byte[], byte[]> { Key = streamId, Value = record.Data.ToArray(), Headers = headers };
    }

    /// <summary>Reads the event of a record.</summary>
    /// <param name="result">The record.</param>
    /// <param name="reason">What is missing, if the record is not an event.</param>
    /// <typeparam name="TKey">The type of the key, which is not used: the stream id is in a header as well.</typeparam>
    public static LogRecord? RecordOf<TKey>(ConsumeResult<TKey, byte[]> result, out string? reason)
    {
        long? sequence = null, streamVersion = null;
        Guid? eventId = null, streamId = null, correlationId = null, causationId = null;
        DateTimeOffset? time = null;
        string? type = null, actor = null, traceParent = null;
        var headers = result.Message.Headers;
        for (var i = 0; i < headers?.Count; i++)
        {
            var header = headers[i];
            var value = header.GetValueBytes();
            switch (header.Key)
            {
                case "ce_id": eventId = GuidOf(value); break;
                case "ce_type": type = PooledTextOf(value); break;
                case "ce_time": time = TimeOf(value); break;
                case "ce_subject": streamId = GuidOf(value); break;
                case "ce_sequence": sequence = NumberOf(value); break;
                case "ce_streamversion": streamVersion = NumberOf(value); break;
                case "ce_actor": actor = PooledTextOf(value); break;
                case "ce_correlationid": correlationId = GuidOf(value); break;
                case "ce_causationid": causationId = GuidOf(value); break;
                case "traceparent": traceParent = TextOf(value); break;
            }
        }

        reason = MissingOf(sequence, eventId, streamId, streamVersion, type, time, result.Message.Value);
        return reason is not null
            ? null
            : new LogRecord
            {
                Log = result.Topic,
                Partition = result.Partition,
                Position = result.Offset,
                Offset = sequence!.Value,
                EventId = eventId!.Value,
                StreamId = streamId!.Value,
                StreamVersion = streamVersion!.Value,
                Type = type!,
                Data = result.Message.Value,
                OccurredAt = time!.Value,
                Actor = actor,
                CorrelationId = correlationId ?? Guid.Empty,
                CausationId = causationId,
                TraceParent = traceParent,
            };
    }

    /// <summary>Reads the log offset and the event id of a record; null if it does not have them.</summary>
    public static (long? Sequence, Guid? EventId) IdentityOf(ConsumeResult<byte[], byte[]> result)
    {
        var headers = result.Message.Headers;
        var sequence = headers?.TryGetLastBytes("ce_sequence", out var number) == true ? NumberOf(number) : null;
        var eventId = headers?.TryGetLastBytes("ce_id", out var id) == true ? GuidOf(id) : null;
        return (sequence, eventId);
    }

    private static string SourceOf(string log) => $"/{log[..log.IndexOf('.', StringComparison.Ordinal)]}";

    private static string? MissingOf(
        long? sequence, Guid? eventId, Guid? streamId, long? streamVersion, string? type, DateTimeOffset? time, byte[]? value)
    {
        if (sequence is null or < 0)
            return "it has no ce_sequence";
        if (eventId is null)
            return "it has no ce_id";
        if (streamId is null)
            return "it has no ce_subject";
        if (streamVersion is null)
            return "it has no ce_streamversion";
        if (type is null)
            return "it has no ce_type";
        if (time is null)
            return "it has no ce_time";
        return value is null ? "it has no value" : null;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    // The value of a header may be null.
    private static string? TextOf(byte[]? value) => value is null ? null : Encoding.UTF8.GetString(value);

    private static string? PooledTextOf(byte[]? value) => value is null ? null : Pool.Of(value);

    private static Guid? GuidOf(byte[]? value) =>
        value is not null && Utf8Parser.TryParse(value, out Guid id, out var read) && read == value.Length ? id : null;

    private static long? NumberOf(byte[]? value) =>
        value is not null && Utf8Parser.TryParse(value, out long number, out var read) && read == value.Length ? number : null;

    private static DateTimeOffset? TimeOf(byte[]? value)
    {
        if (value is null)
            return null;
        if (value.Length == TimeFormatLength && value[^1] == 'Z')
        {
            // The parser has a fast path for a format with one more digit.
            Span<byte> longer = stackalloc byte[TimeFormatLength + 1];
            value.AsSpan(0, TimeFormatLength - 1).CopyTo(longer);
            "0Z"u8.CopyTo(longer[^2..]);
            if (Utf8Parser.TryParse(longer, out DateTimeOffset exact, out var read, 'O') && read == longer.Length)
                return exact;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(Encoding.ASCII.GetString(value), CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
    }
}
