using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Monolith.Testing.Processes;

/// <summary>Loopback addresses for servers that tests start, and restart at the same address.</summary>
public static class FreeAddress
{
    // Outside the ports of outgoing connections (32768 and up) and those that private servers choose (20000 to 32000).
    private const int First = 10_000;
    private const int End = 20_000;

    /// <summary>A free port.</summary>
    public static int Port()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use: try the next one.
            }
        }
    }

    /// <summary>A free HTTP address.</summary>
    public static Uri Http() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port()}"));
}
