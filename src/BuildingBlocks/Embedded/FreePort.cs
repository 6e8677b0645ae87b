using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>Chooses loopback ports for servers.</summary>
internal static class FreePort
{
    // Below the ports that systems give to outgoing connections (32768 and up): while a server restarts, a client that
    // keeps trying could otherwise be given the server's own port, and even connect to itself.
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>The port noted in the file where it is free, else a free one.</summary>
    public static int Choose(string noteFile) =>
        int.TryParse(ReadNote(noteFile), NumberStyles.None, CultureInfo.InvariantCulture, out var noted) && IsFree(noted) ? noted : Choose();

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
