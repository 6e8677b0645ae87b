using System.Net.Sockets;
using System.Text;

namespace Monolith.System.Tests.Load;

/// <summary>
/// A caller whose connection breaks: it sends a whole request, and hangs up in the middle of whatever the host is doing then.
/// </summary>
internal static class HastyCaller
{
    /// <summary>Sends a POST and hangs up.</summary>
    /// <param name="route">The route.</param>
    /// <param name="body">The body, JSON.</param>
    /// <param name="header">One header, as it stands in the request.</param>
    /// <param name="after">How long after it was sent it hangs up.</param>
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
