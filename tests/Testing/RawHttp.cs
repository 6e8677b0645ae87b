using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Monolith.Testing;

/// <summary>Sends raw HTTP/1.1, for requests that no client library sends. Text is encoded as Latin-1: one byte per character.</summary>
public static class RawHttp
{
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends the text on one connection and reads until the server closes it: one of the requests needs <c>Connection: close</c>.
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

    /// <summary>Sends one request and returns the status, the headers and the body of its response.</summary>
    public static async Task<RawAnswer> AnswerAsync(Uri address, string request) => RawAnswer.Of(await SendAsync(address, request));
}

/// <summary>A response as received; chunks are not joined.</summary>
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
