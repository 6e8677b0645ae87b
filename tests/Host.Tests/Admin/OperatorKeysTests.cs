using Monolith.Host.Tests.OpenApi;
using Monolith.Testing;

namespace Monolith.Host.Tests.Admin;

/// <summary>An idempotency key makes a POST of the admin API safe to repeat. It identifies one request in the whole host.</summary>
[Trait("Category", "System")]
public sealed class OperatorKeysTests(OpenHost host)
{
    private const string Projection = "/admin/api/projections/analytics.customers";
    private const string Customers = "/api/v1/customers";
    private const string Key = "Idempotency-Key";
    private const string Replayed = "Idempotency-Replayed";

    private readonly string key = $"operator-{Guid.NewGuid():N}";

    [Fact]
    public async Task Repeated_request_gets_the_stored_operation()
    {
        var client = (await host.RunningAsync()).Client;
        const string Body = """{"promote":"manual"}""";

        var first = await client.PostJson($"{Projection}/rebuild", Body, Key, key);
        var again = await client.PostJson($"{Projection}/rebuild", Body, Key, key);
        var other = await client.PostJson($"{Projection}/rebuild", """{"promote":"auto"}""", Key, key);

        first.Status.ShouldBe(202, first.Text);
        first.Response.Headers.Contains(Replayed).ShouldBeFalse();
        again.Response.Headers.GetValues(Replayed).ShouldBe(["true"]);
        (again.Status, again.Text, again.Location, again.ContentType)
            .ShouldBe((first.Status, first.Text, first.Location, first.ContentType));
        (other.Status, other.Slug).ShouldBe((422, "idempotency-key-reused"));
        var generation = (int)first.Json["generation"]!;
        var cancel = $"{Projection}/generations/{generation}/cancel";
        (await client.PostJson(cancel, "", Key, $"{key}-cancel")).Status.ShouldBe(202);
        (await client.PostJson(cancel, "", Key, $"{key}-cancel")).Response.Headers.Contains(Replayed).ShouldBeTrue();
    }

    [Fact]
    public async Task Refused_request_leaves_its_key_free()
    {
        var client = (await host.RunningAsync()).Client;

        var refused = await client.PostJson($"{Projection}/resume", "", Key, key);
        var paused = await client.PostJson($"{Projection}/pause", "", Key, key);
        var again = await client.PostJson($"{Projection}/pause", "", Key, key);
        var resumed = await client.PostJson($"{Projection}/resume", "");

        (refused.Status, refused.Slug).ShouldBe((409, "projection-not-paused"));
        (paused.Status, again.Status, again.Text).ShouldBe((200, 200, paused.Text));
        again.Response.Headers.Contains(Replayed).ShouldBeTrue();
        resumed.Status.ShouldBe(200, resumed.Text);
    }

    [Fact]
    public async Task Key_is_shared_with_the_commands_of_modules()
    {
        var client = (await host.RunningAsync()).Client;
        var (ofAdmin, ofCommand) = ($"{key}-admin", $"{key}-command");
        var username = $"u{Guid.NewGuid().ToString("N")[..20]}";
        var customer = $$"""{"username":"{{username}}","firstName":"Grace","lastName":"Hopper","email":"grace@example.org"}""";

        (await client.PostJson($"{Projection}/pause", "", Key, ofAdmin)).Status.ShouldBe(200);
        (await client.PostJson($"{Projection}/resume", "")).Status.ShouldBe(200);
        var registered = await client.PostJson(Customers, customer, Key, ofAdmin);
        (await client.PostJson(Customers, customer, Key, ofCommand)).Status.ShouldBe(201);
        var paused = await client.PostJson($"{Projection}/pause", "", Key, ofCommand);

        (registered.Status, registered.Slug).ShouldBe((422, "idempotency-key-reused"));
        (paused.Status, paused.Slug).ShouldBe((422, "idempotency-key-reused"));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("rebuild")]
    [InlineData("generations/1/promote")]
    public async Task Malformed_key_is_refused(string verb)
    {
        var client = (await host.RunningAsync()).Client;

        var answer = await client.PostJson($"{Projection}/{verb}", "", Key, "a b");

        (answer.Status, answer.Slug).ShouldBe((400, "invalid-request"));
        answer.Json["errors"]![Key].ShouldNotBeNull();
    }
}
