using System.Buffers;
using System.Globalization;
using System.Text;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>Writes messages in the format <c>text/event-stream</c>.</summary>
public static class SseText
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <summary>Writes a message.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="id">The id that the client sends as Last-Event-ID when it reconnects; null keeps the previous one.</param>
    /// <param name="type">The name of the message.</param>
    /// <param name="data">The data; each line of it becomes a line of the message.</param>
    public static void Message(IBufferWriter<byte> into, string? id, string type, ReadOnlySpan<byte> data)
    {
        if (id is not null)
            Field(into, "id: "u8, id);
        Field(into, "event: "u8, type);
        Data(into, data);
        into.Write("\n"u8);
    }

    /// <summary>Sets the client's Last-Event-ID without a message, since clients dispatch nothing without data.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="id">The id.</param>
    public static void Id(IBufferWriter<byte> into, string id)
    {
        Field(into, "id: "u8, id);
        into.Write("\n"u8);
    }

    /// <summary>Writes a comment, which clients ignore.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="comment">The comment.</param>
    public static void Comment(IBufferWriter<byte> into, string comment)
    {
        Field(into, ": "u8, comment);
        into.Write("\n"u8);
    }

    /// <summary>Sets how long the client waits before it reconnects.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="pause">The time.</param>
    public static void Retry(IBufferWriter<byte> into, TimeSpan pause)
    {
        Field(into, "retry: "u8, ((long)pause.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        into.Write("\n"u8);
    }

    private static void Field(IBufferWriter<byte> into, ReadOnlySpan<byte> name, string value)
    {
        into.Write(name);
        // A line end in the type of an event from another system must not end the field.
        Encoding.UTF8.GetBytes(value.AsSpan().IndexOfAny('\r', '\n') < 0 ? value : value.ReplaceLineEndings(" "), into);
        into.Write("\n"u8);
    }

    private static void Data(IBufferWriter<byte> into, ReadOnlySpan<byte> data)
    {
        while (true)
        {
            var end = data.IndexOfAny(LineEnds);
            into.Write("data: "u8);
            into.Write(end < 0 ? data : data[..end]);
            into.Write("\n"u8);
            if (end < 0)
                return;
            // CR LF is one line end.
            data = data[(data[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1)..];
        }
    }
}
