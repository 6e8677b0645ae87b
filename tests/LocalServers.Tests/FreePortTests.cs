using System.Net;
using System.Net.Sockets;
using Monolith.BuildingBlocks.LocalServers;

namespace Monolith.LocalServers.Tests;

[Trait("Category", "Unit")]
public sealed class FreePortTests
{
    [Fact]
    public void Port_with_a_listener_is_not_free()
    {
        var port = FreePort.Choose();
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();

        FreePort.IsFree(port).ShouldBeFalse();
    }

    [Fact]
    public void Noted_port_is_chosen_again_while_it_is_free()
    {
        var note = Path.GetTempFileName();
        var port = FreePort.Choose();
        FreePort.Note(note, port);
        FreePort.Choose(note).ShouldBe(port);

        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        FreePort.Choose(note).ShouldNotBe(port);
        File.Delete(note);
    }
}
