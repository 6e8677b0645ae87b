using System.Text.Json.Nodes;
using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

/// <summary>A request with an invalid field gets 400, names the field, and stores nothing.</summary>
[Trait("Category", "Module")]
public sealed class RefusalTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    [Theory]
    [InlineData("""{"firstName":"A","lastName":"B","email":"a@b"}""", "username")]
    [InlineData("""{"username":"ab","firstName":"A","lastName":"B","email":"a@b"}""", "username")]
    [InlineData("""{"username":"ab\u0000c","firstName":"A","lastName":"B","email":"a@b"}""", "username")]
    [InlineData("""{"username":"abc","firstName":" ","lastName":"B","email":"a@b"}""", "firstName")]
    [InlineData("""{"username":"abc","firstName":"A\u0000","lastName":"B","email":"a@b"}""", "firstName")]
    [InlineData("""{"username":"abc","firstName":"A","lastName":"B\nC","email":"a@b"}""", "lastName")]
    [InlineData("""{"username":"abc","firstName":"A","lastName":null,"email":"a@b"}""", "lastName")]
    [InlineData("""{"username":"abc","firstName":"A","lastName":"B","email":"no address"}""", "email")]
    [InlineData("""{"username":1,"firstName":"A","lastName":"B","email":"a@b"}""", "username")]
    [InlineData("""{"username":"abc","firstName":{},"lastName":"B","email":"a@b"}""", "firstName")]
    [InlineData("""{"username":"abc","firstName":"A","lastName":["B"],"email":"a@b"}""", "lastName")]
    [InlineData("""{"username":"abc","username":"abd","firstName":"A","lastName":"B","email":"a@b"}""", "username")]
    [InlineData("""{"username":"abc","firstName":"\ud800","lastName":"B","email":"a@b"}""", "firstName")]
    [InlineData("{}", "username", "firstName", "lastName", "email")]
    public async Task Invalid_registration_names_the_fields(string body, params string[] fields) =>
        await IsRefused(await Http.PostJson(Path, body), fields);

    [Theory]
    [InlineData("""{"firstName":""}""", "firstName")]
    [InlineData("""{"lastName":"\u0007"}""", "lastName")]
    [InlineData("""{"email":"a@b@c"}""", "email")]
    [InlineData("""{"email":3}""", "email")]
    public async Task Invalid_change_names_the_fields(string body, params string[] fields)
    {
        var customer = await Registered();

        await IsRefused(await Http.PatchJson(customer, body), fields, events: 1);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"reason":""}""")]
    [InlineData("""{"reason":"a\u0000"}""")]
    public async Task Missing_reason_is_refused(string body)
    {
        var customer = await Registered();

        await IsRefused(await Http.PostJson($"{customer}/deactivate", body), ["reason"], events: 1);
        await IsRefused(await Http.PostJson($"{customer}/reactivate", body), ["reason"], events: 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"username":"abc",}""")]
    [InlineData("""{"username":'abc'}""")]
    [InlineData("""{"username":"abc" // comment""")]
    [InlineData("not json")]
    public async Task Malformed_JSON_is_refused(string body) => await IsRefused(await Http.PostJson(Path, body), slug: "malformed-json");

    [Fact]
    public async Task Too_deep_JSON_is_refused() =>
        await IsRefused(
            await Http.PostJson(Path, $$"""{"other":{{new string('[', 40)}}{{new string(']', 40)}}}"""), slug: "malformed-json");

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("3")]
    public async Task JSON_other_than_an_object_is_refused(string body) =>
        await IsRefused(await Http.PostJson(Path, body), slug: "invalid-request");

    [Fact]
    public async Task Invalid_actor_is_refused()
    {
        foreach (var actor in new[] { "tab\tinside", "\u0001", new string('x', 201) })
            await IsRefused(await Http.PostJson(Path, Body(), "X-Actor", actor), ["X-Actor"]);
    }

    private async Task IsRefused(JsonAnswer answer, string[]? fields = null, string slug = "invalid-request", long events = 0)
    {
        answer.Status.ShouldBe(400, answer.Text);
        answer.ContentType.ShouldBe("application/problem+json");
        answer.Slug.ShouldBe(slug);
        var problem = answer.Json.AsObject();
        ((int)problem["status"]!).ShouldBe(400);
        foreach (var name in new[] { "title", "detail", "instance", "traceId" })
            ((string?)problem[name]).ShouldNotBeNullOrEmpty(name);
        if (fields is not null)
            problem["errors"].ShouldBeOfType<JsonObject>().Select(error => error.Key).ShouldBe(fields, ignoreOrder: true);
        (await Events()).ShouldBe(events);
    }
}
