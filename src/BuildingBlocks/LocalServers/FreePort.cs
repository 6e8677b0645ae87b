using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>Chooses loopback ports for servers.</summary>
internal static class FreePort
{
    // Below the ephemeral ports (32768 and up): while a server restarts, a client that keeps trying to connect could otherwise be
    // assigned the server's port, and even connect to itself.
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>The port noted in the file if it is free, else another free one.</summary>
    public static int Choose(string noteFile)
    {
        var isNoted = int.TryParse(ReadNote(noteFile), NumberStyles.None, CultureInfo.InvariantCulture, out var noted);
        return isNoted && IsFree(noted) ? noted : Choose();
    }

    public static int Choose()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (IsFree(port))
                return port;
        }
    }

    public static void Note(string noteFile, int port) => File.WriteAllText(noteFile, port.ToString(CultureInfo.InvariantCulture));

    public static bool IsFree(int port)
    {
        if (port is <= IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            return false;

        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string ReadNote(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : "";
}
