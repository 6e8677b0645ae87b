using System.Net.Sockets;
using System.Text;

namespace Monolith.System.Tests.Load;

/// <summary>
/// A caller whose connection breaks: it sends a complete request and disconnects while the host processes it.
/// </summary>
internal static class HastyCaller
{
    /// <summary>Sends a POST request and disconnects.</summary>
    /// <param name="route">The route.</param>
    /// <param name="body">The body, JSON.</param>
    /// <param name="header">One header line.</param>
    /// <param name="after">The delay between sending and disconnecting.</param>
    public static async Task PostAsync(Uri route, string body, string header, TimeSpan after)
    {
        using var connection = new TcpClient { LingerState = new LingerOption(true, 0), NoDelay = true };
        await connection.ConnectAsync(route.Host, route.Port);
        var request = $"POST {route.AbsolutePath} HTTP/1.1\r\nHost: {route.Authority}\r\nContent-Type: "
            + $"application/json\r\n{header}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
        await Task.Delay(after);
    }
}
