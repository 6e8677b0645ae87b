using System.Buffers;
using System.Text;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>Writes messages as <c>text/event-stream</c> has them: fields in lines, an empty line behind each message.</summary>
public static class SseText
{
    /// <summary>Line feed and carriage return: both end a line of the stream, so that neither may stand in a field.</summary>
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <summary>One message.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="id">What the client sends as Last-Event-ID when it comes back; null keeps the one before.</param>
    /// <param name="type">The name of the message.</param>
    /// <param name="data">What it says; a line end in it starts another line of data.</param>
    public static void Message(IBufferWriter<byte> into, string? id, string type, ReadOnlySpan<byte> data)
    {
        if (id is not null)
            Field(into, "id: "u8, id);
        Field(into, "event: "u8, type);
        Data(into, data);
        into.Write("\n"u8);
    }

    /// <summary>Moves the client's Last-Event-ID without a message: nothing is dispatched without data.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="id">The id.</param>
    public static void Place(IBufferWriter<byte> into, string id)
    {
        Field(into, "id: "u8, id);
        into.Write("\n"u8);
    }

    /// <summary>A comment: keeps the connection in use, and is passed over by clients.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="comment">The comment.</param>
    public static void Comment(IBufferWriter<byte> into, string comment)
    {
        Field(into, ": "u8, comment);
        into.Write("\n"u8);
    }

    /// <summary>How long a client waits before it connects again.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="pause">The time.</param>
    public static void Retry(IBufferWriter<byte> into, TimeSpan pause)
    {
        Field(into, "retry: "u8, ((long)pause.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        into.Write("\n"u8);
    }

    private static void Field(IBufferWriter<byte> into, ReadOnlySpan<byte> name, string value)
    {
        into.Write(name);
        // Ids and types are ours; a type that somebody else wrote must not end its line all the same.
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
            // A carriage return with a line feed behind it is one line end.
            data = data[(data[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1)..];
        }
    }
}
