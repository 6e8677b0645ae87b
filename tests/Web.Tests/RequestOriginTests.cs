using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Web.Access;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class RequestOriginTests
{
    private const string AdminPath = "/admin/api/logs";
    private const string Loopback = "127.0.0.1";

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
    public async Task Admin_accepts_loopback_clients_only(string? address, int status) =>
        (await StatusAsync(AdminPath, address, "localhost")).ShouldBe(status);

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LocalHost:5080", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("127.0.0.1.example.org", 403)]
    [InlineData("shop.example.org", 403)]
    [InlineData("", 403)]
    public async Task Admin_accepts_loopback_hosts_only(string host, int status) =>
        (await StatusAsync(AdminPath, Loopback, host, "shop.example.org")).ShouldBe(status);

    [Theory]
    [InlineData("http://localhost", 200)]
    [InlineData("file://localhost", 403)]
    [InlineData("", 403)]
    [InlineData("nonsense", 403)]
    [InlineData("https://shop.example.org", 403)]
    public async Task Admin_accepts_loopback_origins_only(string origin, int status) =>
        (await StatusAsync(AdminPath, Loopback, "localhost", "shop.example.org", origin)).ShouldBe(status);

    [Theory]
    [InlineData("/administration")]
    [InlineData("/api/v1/customers")]
    [InlineData("/nothing")]
    public async Task Other_paths_accept_clients_of_any_address(string path) =>
        (await StatusAsync(path, "10.0.0.1", "localhost")).ShouldBe(200);

    [Fact]
    public async Task Local_route_is_admin_under_any_path()
    {
        var marked = Request("/elsewhere", "10.0.0.1", "localhost");
        marked.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(LocalOnly.Mark), "marked"));

        (await StatusAsync(marked)).ShouldBe(403);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST.:80", 200)]
    [InlineData("127.0.0.1:5080", 200)]
    [InlineData("127.1.2.3", 200)]
    [InlineData("[::1]:5080", 200)]
    [InlineData("[0:0:0:0:0:0:0:1]", 200)]
    [InlineData("[::ffff:127.0.0.1]", 200)]
    [InlineData("", 403)]
    [InlineData(".", 403)]
    [InlineData("*", 403)]
    [InlineData("evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("evil-localhost", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("[2001:db8::1]", 403)]
    public async Task Every_path_requires_a_loopback_host_by_default(string host, int status)
    {
        foreach (var path in new[] { "/", "/live", "/api/v1/customers", "/health/live", "/metrics", "/nothing" })
            (await StatusAsync(path, "10.0.0.1", host)).ShouldBe(status, path);
    }

    [Theory]
    [InlineData("shop.example.org", "shop.example.org", 200)]
    [InlineData("shop.example.org", "SHOP.example.org:8443", 200)]
    [InlineData("shop.example.org", "shop.example.org.", 200)]
    [InlineData("shop.example.org.", "shop.example.org", 200)]
    [InlineData("shop.example.org", "localhost", 200)]
    [InlineData("shop.example.org", "a.shop.example.org", 403)]
    [InlineData("shop.example.org", "example.org", 403)]
    [InlineData("*.example.org", "shop.example.org", 200)]
    [InlineData("*.example.org", "a.b.example.org", 200)]
    [InlineData("*.example.org", "example.org", 403)]
    [InlineData("*.example.org", "shopexample.org", 403)]
    [InlineData("10.0.0.1; [2001:db8::1]", "10.0.0.1:80", 200)]
    [InlineData("10.0.0.1; [2001:db8::1]", "[2001:db8::1]:80", 200)]
    [InlineData("10.0.0.1; [2001:db8::1]", "10.0.0.2", 403)]
    [InlineData("münchen.example", "xn--mnchen-3ya.example", 200)]
    [InlineData("*", "anything.example", 200)]
    public async Task Configured_hosts_are_allowed_too(string allowed, string host, int status) =>
        (await StatusAsync("/live", "10.0.0.1", host, allowed)).ShouldBe(status);

    [Theory]
    [InlineData("http://localhost:3000", 200)]
    [InlineData("http://127.0.0.1:5080", 200)]
    [InlineData("http://[::1]", 200)]
    [InlineData("https://shop.example.org", 200)]
    [InlineData("null", 403)]
    [InlineData("", 403)]
    [InlineData("https://evil.example", 403)]
    [InlineData("https://shop.example.org.evil.example", 403)]
    [InlineData("chrome-extension://shop.example.org", 403)]
    [InlineData("shop.example.org", 403)]
    public async Task Foreign_origin_is_refused_on_every_path(string origin, int status)
    {
        foreach (var path in new[] { "/", "/live", "/api/v1/customers", "/nothing" })
            (await StatusAsync(path, "10.0.0.1", "shop.example.org", "shop.example.org", origin)).ShouldBe(status, path);
    }

    [Fact]
    public async Task Two_origins_are_refused()
    {
        foreach (var path in new[] { AdminPath, "/live" })
            (await StatusAsync(path, Loopback, "localhost", null, "http://localhost", "http://localhost")).ShouldBe(403, path);
    }

    [Fact]
    public async Task Allowed_host_does_not_admit_other_hosts()
    {
        var middleware = Middleware("shop.example.org");
        foreach (var host in new[] { "shop.example.org", "evil.example", "shop.example.org", "localhost", "evil.example" })
        {
            var request = Request("/live", Loopback, host);
            await middleware.InvokeAsync(request);
            request.Response.StatusCode.ShouldBe(host == "evil.example" ? 403 : 200, host);
        }
    }

    [Theory]
    [InlineData("shop.example.org:80")]
    [InlineData("https://shop.example.org")]
    [InlineData("shop.*.org")]
    [InlineData("*shop.example.org")]
    [InlineData("2001:db8::1")]
    [InlineData("shop example.org")]
    [InlineData("shop.example.org,other.example.org")]
    [InlineData(";")]
    public void Setting_that_is_not_a_list_of_names_is_refused(string text) =>
        Should.Throw<InvalidSettingException>(() => new AllowedHosts(Configuration(text))).Message.ShouldContain("AllowedHosts");

    private static Task<int> StatusAsync(string path, string? address, string host, string? allowed = null, params string[] origins) =>
        StatusAsync(Request(path, address, host, origins), allowed);

    private static async Task<int> StatusAsync(HttpContext context, string? allowed = null)
    {
        await Middleware(allowed).InvokeAsync(context);
        return context.Response.StatusCode;
    }

    private static RequestOriginMiddleware Middleware(string? allowed) =>
        new(_ => Task.CompletedTask, new AllowedHosts(Configuration(allowed)));

    private static IConfiguration Configuration(string? allowed) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("AllowedHosts", allowed)]).Build();

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
