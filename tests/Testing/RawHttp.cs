using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Monolith.Testing;

/// <summary>HTTP/1.1 byte by byte, for requests that no client library sends. A text is sent as Latin-1: one byte a character.</summary>
public static class RawHttp
{
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends what is given on one connection and reads until the server closes it: one of the requests must ask for that.
    /// </summary>
    public static async Task<string> SendAsync(Uri address, string requests)
    {
        using var late = new CancellationTokenSource(AnsweredWithin);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, late.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(requests), late.Token);
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, late.Token);
        return Encoding.UTF8.GetString(received.ToArray());
    }

    /// <summary>The status, the headers, and the body of the one answer to one request.</summary>
    public static async Task<RawAnswer> AnswerAsync(Uri address, string request) => RawAnswer.Of(await SendAsync(address, request));
}

/// <summary>An answer as it came over the wire; chunks are not joined.</summary>
public sealed record RawAnswer(int Status, string Head, string Body)
{
    public static RawAnswer Of(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            throw new InvalidOperationException($"This is no answer: '{text}'.");
        return new RawAnswer(int.Parse(text.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture), text[..end], text[(end + 4)..]);
    }
}
