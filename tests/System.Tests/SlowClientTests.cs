using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Monolith.System.Tests.Hosting;
using Monolith.Testing;

namespace Monolith.System.Tests;

/// <summary>Slow clients that hold connections are cut, also many at the same time, without an effect on other clients.</summary>
[Trait("Category", "System")]
public sealed class SlowClientTests(Servers servers)
{
    private const int SlowOnes = 16;
    private const int Customers = 200;
    private const int SmallBuffer = 4096;

    private static readonly TimeSpan CutWithin = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan ServedWithin = TimeSpan.FromSeconds(20);

    [Fact]
    public Task Slow_request_headers_are_cut() =>
        AreCutAsync(() => SendsSlowly("GET /api/v1/customers HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));

    [Fact]
    public Task Slow_request_body_is_cut() =>
        AreCutAsync(
            () =>
                SendsSlowly(
                    "POST /api/v1/customers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + "100000\r\n\r\n{\"username\":\""));

    [Fact]
    public Task Client_that_reads_no_response_is_cut() => AreCutAsync(() =>
    {
        var request = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"GET /api/v1/customers?limit={Customers} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var sent = 0;
        return socket =>
        {
            while (true)
                sent = (sent + socket.Send(request.AsSpan(sent))) % request.Length;
        };
    });

    private static Action<Socket> SendsSlowly(string begin)
    {
        var sent = 0;
        var answer = new byte[SmallBuffer];
        return socket =>
        {
            sent += sent == 0 ? socket.Send(Encoding.ASCII.GetBytes(begin)) : socket.Send("a"u8);
            if (socket.Receive(answer) == 0)
                throw new SocketException((int)SocketError.Disconnecting);
        };
    }

    /// <summary>
    /// Opens slow connections, each with an action that it repeats, and waits until all were cut, while another client is
    /// served.
    /// </summary>
    private async Task AreCutAsync(Func<Action<Socket>> slowly)
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = ServedWithin };
        var served = 0;
        for (; served < Customers; served++)
            await RegisterAsync(client, served);

        var open = Enumerable.Range(0, SlowOnes)
            .Select(
                _ =>
                    (
                        Socket: new Socket(
                            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = SmallBuffer },
                        GoOn: slowly()))
            .ToList();
        using var allCut = new CancellationTokenSource();
        try
        {
            foreach (var (socket, _) in open)
            {
                await socket.ConnectAsync(IPAddress.Loopback, host.Url.Port);
                socket.Blocking = false;
            }

            var others = Task.Run(async () =>
            {
                for (; !allCut.IsCancellationRequested; served++)
                    await RegisterAsync(client, served);
            });
            await Eventually.HoldsAsync(CutWithin, "all of them are cut", () =>
            {
                foreach (var (socket, _) in open.Where(one => IsCut(one.Socket, one.GoOn)).ToArray())
                    socket.Dispose();
                open.RemoveAll(one => one.Socket.SafeHandle.IsClosed);
                return open.Count == 0;
            });
            await allCut.CancelAsync();
            await others;
            served.ShouldBeGreaterThan(Customers + 1);
        }
        finally
        {
            await allCut.CancelAsync();
            foreach (var (socket, _) in open)
                socket.Dispose();
        }
    }

    /// <summary>Whether the other side has closed the connection; an operation that would block does not count as closed.</summary>
    private static bool IsCut(Socket socket, Action<Socket> goOn)
    {
        try
        {
            goOn(socket);
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode != SocketError.WouldBlock;
        }
    }

    private static async Task RegisterAsync(HttpClient client, int number) =>
        (
            await client.PostJson(
                "api/v1/customers",
                $$"""{"username":"u-{{number}}","firstName":"A","lastName":"B","email":"a@example.org"}""")).Status.ShouldBe(201);
}
