using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Monolith.Benchmarks.Shop;

/// <summary>
/// A keep-alive HTTP/1.1 connection with one request at a time. HttpClient would cost as much as a bare handler on the same two cores;
/// all servers under test use this client.
/// </summary>
internal sealed class KeepAliveConnection : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int StatusAt = 9;
    private const int StatusLength = 3;
    private const int IdLength = 36;

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] sent = new byte[BufferBytes];
    private readonly byte[] received = new byte[BufferBytes];
    private readonly string host;
    private int filled;

    private KeepAliveConnection(Uri url) => host = url.Authority;

    public static async Task<KeepAliveConnection> OpenAsync(Uri url, CancellationToken cancellation)
    {
        var connection = new KeepAliveConnection(url);
        await connection.socket.ConnectAsync(url.Host, url.Port, cancellation);
        return connection;
    }

    public async ValueTask<Answer> SendAsync(string method, string path, string body, CancellationToken cancellation)
    {
        var length = Encoding.UTF8.GetByteCount(body);
        var bytes = Encoding.UTF8.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}", sent);
        await socket.SendAsync(sent.AsMemory(0, bytes), cancellation);
        return await ReceiveAsync(cancellation);
    }

    public async ValueTask<Answer> GetAsync(string path, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n", sent);
        await socket.SendAsync(sent.AsMemory(0, bytes), cancellation);
        return await ReceiveAsync(cancellation);
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask<Answer> ReceiveAsync(CancellationToken cancellation)
    {
        filled = 0;
        int headEnd;
        do
            await FillAsync(cancellation);
        while ((headEnd = Received.IndexOf("\r\n\r\n"u8)) < 0);

        var bodyAt = headEnd + 4;
        var answer = new Answer(
            int.Parse(received.AsSpan(StatusAt, StatusLength), CultureInfo.InvariantCulture), MadeId(received.AsSpan(0, headEnd)));
        if (Header(received.AsSpan(0, headEnd), "\r\ncontent-length: "u8) is { IsEmpty: false } length)
        {
            var end = bodyAt + int.Parse(length, CultureInfo.InvariantCulture);
            while (filled < end)
                await FillAsync(cancellation);
        }
        else
        {
            while (!IsLastChunkIn(bodyAt))
                await FillAsync(cancellation);
        }

        return answer;
    }

    private ReadOnlySpan<byte> Received => received.AsSpan(0, filled);

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        var count = await socket.ReceiveAsync(received.AsMemory(filled), cancellation);
        if (count == 0)
            throw new IOException("The server closed the connection.");
        filled += count;
    }

    private bool IsLastChunkIn(int at)
    {
        while (true)
        {
            var chunk = Received[at..];
            var lineEnd = chunk.IndexOf("\r\n"u8);
            if (lineEnd < 0 || !Utf8Parser.TryParse(chunk[..lineEnd], out int size, out _, 'x'))
                return false;
            at += lineEnd + 2 + size + 2;
            if (at > filled)
                return false;
            if (size == 0)
                return true;
        }
    }

    private static Guid? MadeId(ReadOnlySpan<byte> head) =>
        Header(head, "\r\nlocation: "u8) is { Length: > IdLength } place && Utf8Parser.TryParse(place[^IdLength..], out Guid id, out _)
            ? id
            : null;

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (var at = 0; at + name.Length <= head.Length; at++)
        {
            if (head[at] != '\r' || !Ascii.EqualsIgnoreCase(head.Slice(at, name.Length), name))
                continue;
            var value = head[(at + name.Length)..];
            var end = value.IndexOf((byte)'\r');
            return end < 0 ? value : value[..end];
        }

        return default;
    }
}
