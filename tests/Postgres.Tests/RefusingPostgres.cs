using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Monolith.Postgres.Tests;

/// <summary>
/// A fake PostgreSQL server that refuses every connection with one error, or closes it if no error is given.
/// </summary>
internal sealed class RefusingPostgres : IAsyncDisposable
{
    private const int SslRequest = 80877103;
    private const int LengthBytes = 4;

    private readonly TcpListener listener;
    private readonly string? sqlState;
    private readonly Task answering;
    private int refused;

    public RefusingPostgres(string? sqlState, int port = 0)
    {
        this.sqlState = sqlState;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        answering = AnswerAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The number of refused connections.</summary>
    public int Refused => Volatile.Read(ref refused);

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnswerAsync()
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            if (sqlState is not null)
            {
                // The server does not support encryption.
                if (await ReadAsync(stream) == SslRequest)
                {
                    stream.WriteByte((byte)'N');
                    await ReadAsync(stream);
                }

                await stream.WriteAsync(Error(sqlState));
            }

            Interlocked.Increment(ref refused);
        }
    }

    private static async Task<int> ReadAsync(NetworkStream stream)
    {
        var length = new byte[LengthBytes];
        await stream.ReadExactlyAsync(length);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - LengthBytes];
        await stream.ReadExactlyAsync(message);
        return BinaryPrimitives.ReadInt32BigEndian(message);
    }

    private static byte[] Error(string sqlState)
    {
        var fields = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"SFATAL\0VFATAL\0C{sqlState}\0Mso it is\0\0"));
        var message = new byte[1 + LengthBytes + fields.Length];
        message[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), LengthBytes + fields.Length);
        fields.CopyTo(message, 1 + LengthBytes);
        return message;
    }
}
