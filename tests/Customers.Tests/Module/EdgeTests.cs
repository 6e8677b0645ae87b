using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Testing;
using Npgsql;

namespace Monolith.Customers.Tests.Module;

/// <summary>Responses of the web edge outside of use cases.</summary>
[Trait("Category", "Module")]
public sealed class EdgeTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v1/customers/a/b/c")]
    public async Task Unknown_route_is_a_problem(string path)
    {
        var answer = await Http.GetJson(path);

        IsProblem(answer, 404, "route-not-found");
        ((string)answer.Json["instance"]!).ShouldBe(path);
    }

    [Fact]
    public async Task Wrong_method_is_a_problem_with_the_allowed_ones()
    {
        var answer = await Http.SendJson(HttpMethod.Put, Path, "{}");

        IsProblem(answer, 405, "method-not-allowed");
        answer.Response.Content.Headers.Allow.ShouldBe(["GET", "HEAD", "POST"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("not-an-id")]
    [InlineData("%7B0198c0f0-0000-7000-8000-000000000000%7D")]
    [InlineData("0198c0f0000070008000000000000000")]
    public async Task Invalid_id_is_a_problem_that_names_it(string id)
    {
        var answer = await Http.GetJson($"{Path}/{id}");

        IsProblem(answer, 400, "invalid-id");
        answer.Json["errors"]!["id"].ShouldNotBeNull();
        IsProblem(await Http.PatchJson($"{Path}/{id}", "{}"), 400, "invalid-id");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    public async Task Any_other_content_type_is_a_problem(string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body()));
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await Http.PostAsync(Path, content);

        ((int)answer.StatusCode).ShouldBe(415);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:problem:unsupported-content-type");
        (await Events()).ShouldBe(0);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("application/vnd.monolith+json")]
    public async Task Every_JSON_media_type_is_accepted(string type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body()));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await Http.PostAsync(Path, content);

        ((int)answer.StatusCode).ShouldBe(201);
    }

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(1, true, false)]
    [InlineData(1, false, true)]
    [InlineData(1, false, false)]
    [InlineData(12, true, false)]
    [InlineData(12, false, false)]
    public async Task Body_over_1_MiB_is_a_readable_problem(int mebibytes, bool chunked, bool asks)
    {
        var body = Encoding.UTF8.GetBytes(Body(firstName: new string('x', mebibytes * 1024 * 1024)));
        for (var i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Path);
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = asks;
            using var answer = await Http.SendAsync(request);

            ((int)answer.StatusCode).ShouldBe(413);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:problem:body-too-large");
        }
    }

    [Fact]
    public async Task Invalid_UTF8_is_malformed()
    {
        byte[] body = [.. "{\"u\":\""u8, 0xff, 0xfe, .. "\"}"u8];
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await Http.PostAsync(Path, content);

        ((int)answer.StatusCode).ShouldBe(400);
        (await Events()).ShouldBe(0);
    }

    [Fact]
    public async Task Unhandled_exception_is_logged_once_and_hidden_from_the_caller()
    {
        await using var host = await FailingHost(() => throw new InvalidOperationException("secret"));

        var answer = await host.Client.GetJson("/fail");

        IsProblem(answer, 500, "internal-error");
        answer.Text.ShouldNotContain("secret");
        host.Log.Entries.Count(entry => entry.Level >= LogLevel.Error).ShouldBe(1);
        host.Log.Entries.ShouldContain(entry => entry.Level == LogLevel.Error && entry.Exception is InvalidOperationException);
    }

    [Fact]
    public async Task Lost_connection_is_unavailable_storage()
    {
        await using var host = await FailingHost(
            () => throw new InvalidOperationException("as EF Core wraps it", new NpgsqlException("gone", new SocketException())));

        var answer = await host.Client.GetJson("/fail");

        IsProblem(answer, 503, "storage-unavailable");
        answer.Response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Unreachable_server_is_unavailable_storage()
    {
        var nowhere = new NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { Port = 1, Timeout = 2 }.ConnectionString;
        await using var host = await FailingHost(async () =>
        {
            await using var connection = new NpgsqlConnection(nowhere);
            await connection.OpenAsync();
        });

        IsProblem(await host.Client.GetJson("/fail"), 503, "storage-unavailable");
    }

    [Fact]
    public async Task Exhausted_pool_is_unavailable_storage()
    {
        await using var small =
            NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { MaxPoolSize = 1, Timeout = 1 });
        await using var taken = await small.OpenConnectionAsync();
        await using var host = await FailingHost(async () => await (await small.OpenConnectionAsync()).DisposeAsync());

        IsProblem(await host.Client.GetJson("/fail"), 503, "storage-unavailable");
    }

    [Fact]
    public async Task Terminated_session_is_unavailable_storage()
    {
        await using var host = await FailingHost(async () => await Postgres.ExecuteAsync("select pg_terminate_backend(pg_backend_pid())"));

        IsProblem(await host.Client.GetJson("/fail"), 503, "storage-unavailable");
    }

    private Task<ModuleHost> FailingHost(Func<Task> fail) => ModuleHost.StartAsync(Postgres.ConnectionString, [new FailingModule(fail)]);

    private static void IsProblem(JsonAnswer answer, int status, string slug)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.ContentType.ShouldBe("application/problem+json");
        answer.Slug.ShouldBe(slug);
        ((int)answer.Json["status"]!).ShouldBe(status);
        ((string?)answer.Json["detail"]).ShouldNotBeNullOrEmpty();
    }

    private sealed class FailingModule(Func<Task> fail) : IModule
    {
        public string Name => "Failing";

        // A module with a database registers the classifier of its driver's exceptions.
        public void AddServices(ModuleBuilder module) => module.AddDatabase();

        public void MapEndpoints(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/fail", (RequestDelegate)(_ => fail()));
    }
}
