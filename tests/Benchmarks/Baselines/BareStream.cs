using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;

namespace Monolith.Benchmarks.Baselines;

/// <summary>
/// The baseline of the stream: after its commit, a handler writes its response to an in-process queue of each connection. There is no
/// following of a log, no resuming and no limit.
/// </summary>
internal sealed class BareStream
{
    private readonly Lock gate = new();
    private Channel<byte[]>[] listeners = [];

    public void Publish<T>(string type, Guid stream, T data, JsonTypeInfo<T> json)
    {
        var all = Volatile.Read(ref listeners);
        if (all.Length == 0)
            return;
        byte[] message =
        [
            .. "event: "u8,
            .. Encoding.UTF8.GetBytes($"{type}\ndata: {{\"type\":\"{type}\",\"streamId\":\"{stream}\",\"data\":"),
            .. JsonSerializer.SerializeToUtf8Bytes(data, json),
            .. "}\n\n"u8
        ];
        foreach (var listener in all)
            listener.Writer.TryWrite(message);
    }

    public async Task ServeAsync(HttpContext context)
    {
        var own = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
        lock (gate)
            listeners = [.. listeners, own];
        context.Response.ContentType = "text/event-stream";
        var body = context.Response.BodyWriter;
        await body.WriteAsync(": here\n\n"u8.ToArray(), context.RequestAborted);
        try
        {
            while (await own.Reader.WaitToReadAsync(context.RequestAborted))
            {
                while (own.Reader.TryRead(out var message))
                    body.Write(message);
                await body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has disconnected.
        }
        finally
        {
            lock (gate)
                listeners = [.. listeners.Where(listener => listener != own)];
        }
    }
}
