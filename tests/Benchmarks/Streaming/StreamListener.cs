using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Monolith.Benchmarks.Streaming;

/// <summary>
/// One client of the stream on a bare socket. It reads everything and parses only registrations; the time of each is recorded as soon as
/// its bytes arrive.
/// </summary>
internal sealed class StreamListener : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private static ReadOnlySpan<byte> Registered => "\"type\":\"customer.registered.v1\""u8;

    private static ReadOnlySpan<byte> StreamId => "\"streamId\":\""u8;

    private static ReadOnlySpan<byte> MessageEnd => "\n\n"u8;

    private static ReadOnlySpan<byte> DroppedType => "event: dropped\n"u8;

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Action<Guid, long> arrived;
    private readonly byte[] buffer = new byte[BufferBytes];
    private int length;

    private StreamListener(Action<Guid, long> arrived) => this.arrived = arrived;

    /// <summary>Connects, and returns when the response has started.</summary>
    public static async Task<StreamListener> OpenAsync(Uri url, Action<Guid, long> arrived, CancellationToken cancellation)
    {
        var listener = new StreamListener(arrived);
        await listener.socket.ConnectAsync(url.Host, url.Port, cancellation);
        // HTTP/1.0: the body is not chunked.
        await listener.socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET /api/v1/stream HTTP/1.0\r\nHost: {url.Authority}\r\n\r\n"), cancellation);
        listener.length = await listener.socket.ReceiveAsync(listener.buffer, cancellation);
        if (!Encoding.ASCII.GetString(listener.buffer, 0, listener.length).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
            throw new InvalidOperationException("The stream was not opened.");
        return listener;
    }

    /// <summary>Listens until the socket is closed.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            int received;
            try
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (received == 0)
                return;
            length += received;
            Look(Stopwatch.GetTimestamp());
        }
    }

    public void Dispose() => socket.Dispose();

    private void Look(long at)
    {
        var rest = buffer.AsSpan(0, length);
        for (var end = rest.IndexOf(MessageEnd); end >= 0; end = rest.IndexOf(MessageEnd))
        {
            Take(rest[..end], at);
            rest = rest[(end + MessageEnd.Length)..];
        }

        rest.CopyTo(buffer);
        length = rest.Length;
        if (length == buffer.Length)
            throw new InvalidOperationException("A message is larger than any message is.");
    }

    private void Take(ReadOnlySpan<byte> message, long at)
    {
        if (message.StartsWith(DroppedType))
            throw new InvalidOperationException("The host dropped a listener: it was not fast enough for this rate.");
        if (
            message.IndexOf(Registered) >= 0
                && message.IndexOf(StreamId) is var start and >= 0
                && Utf8Parser.TryParse(message[(start + StreamId.Length)..], out Guid customer, out _))
            arrived(customer, at);
    }
}
