using System.Net;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Admin.Access;

namespace Monolith.BuildingBlocks.Tests.Admin;

[Trait("Height", "Unit")]
public sealed class LocalCallersTests
{
    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.8.9.1", 200)]
    [InlineData("::1", 200)]
    [InlineData("::ffff:127.0.0.1", 200)]
    [InlineData("::ffff:127.0.0.7", 200)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("::ffff:10.0.0.1", 403)]
    [InlineData("fe80::1", 403)]
    [InlineData("0.0.0.0", 403)]
    [InlineData(null, 403)]
    public async Task The_address_of_the_caller_decides(string? address, int status) => (await Ask("/admin/api/logs", address, "localhost")).ShouldBe(status);

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LocalHost:5080", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("127.0.0.1.example.org", 403)]
    [InlineData("", 403)]
    public async Task So_does_the_name_that_it_calls(string host, int status) => (await Ask("/admin/api/logs", "127.0.0.1", host)).ShouldBe(status);

    [Theory]
    [InlineData("http://localhost", 200)]
    [InlineData("file://localhost", 403)]
    [InlineData("", 403)]
    [InlineData("nonsense", 403)]
    public async Task And_the_page_that_asks(string origin, int status) => (await Ask("/admin/api/logs", "127.0.0.1", "localhost", origin)).ShouldBe(status);

    [Fact]
    public async Task Two_origins_are_one_too_many() => (await Ask("/admin/api/logs", "127.0.0.1", "localhost", "http://localhost", "http://localhost")).ShouldBe(403);

    [Fact]
    public async Task Other_paths_are_open_to_everybody_unless_their_route_is_marked()
    {
        (await Ask("/administration", "10.0.0.1", "example.org")).ShouldBe(200);
        (await Ask("/elsewhere", "10.0.0.1", "example.org")).ShouldBe(200);

        var marked = Request("/elsewhere", "10.0.0.1", "example.org");
        marked.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(LocalOnly.Mark), "marked"));
        (await Ask(marked)).ShouldBe(403);
    }

    private static Task<int> Ask(string path, string? address, string host, params string[] origins) => Ask(Request(path, address, host, origins));

    private static async Task<int> Ask(HttpContext context)
    {
        await new LocalCallers(_ => Task.CompletedTask).InvokeAsync(context);
        return context.Response.StatusCode;
    }

    private static DefaultHttpContext Request(string path, string? address, string host, params string[] origins)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = address is null ? null : IPAddress.Parse(address) } };
        context.Request.Path = path;
        context.Request.Host = new HostString(host);
        if (origins.Length > 0)
            context.Request.Headers.Origin = origins;
        return context;
    }
}
