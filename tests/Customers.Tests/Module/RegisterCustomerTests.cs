using System.Text.Json;
using Microsoft.Extensions.Logging;
using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

[Trait("Category", "Module")]
public sealed class RegisterCustomerTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    [Fact]
    public async Task Registration_appends_one_event()
    {
        var answer = await Http.PostJson(Path, Body(" Ada.L ", "  Ada ", "Lovelace", "ada@example.org"), "X-Actor", "tester");

        answer.Status.ShouldBe(201, answer.Text);
        answer.ETag.ShouldBe("\"1\"");
        answer.ContentType.ShouldBe("application/json; charset=utf-8");
        var customer = answer.Json;
        var id = (string)customer["id"]!;
        answer.Location.ShouldBe($"{Path}/{id}");
        customer.AsObject().Select(property => property.Key)
            .ShouldBe(["id", "username", "firstName", "lastName", "email", "status", "version", "registeredAt", "changedAt"]);
        ((string)customer["username"]!).ShouldBe("ada.l");
        ((string)customer["firstName"]!).ShouldBe("Ada");
        ((string)customer["status"]!).ShouldBe("active");
        ((string)customer["registeredAt"]!).ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$");

        var read = await Http.GetJson(answer.Location!);
        read.Status.ShouldBe(200);
        read.ETag.ShouldBe("\"1\"");
        read.Text.ShouldBe(answer.Text);

        var data = await Postgres.ScalarAsync<string>(
            "select data::text from customers.events where type = 'customer.registered.v1' and actor = 'tester' and stream_version = 1");
        data.ShouldBe($$"""{"customerId":"{{id}}","username":"ada.l","firstName":"Ada","lastName":"Lovelace","email":"ada@example.org"}""");
        JsonSerializer.Deserialize<JsonElement>(data).GetProperty("customerId").GetString().ShouldBe(id);
        await LogIsDense();
    }

    [Fact]
    public async Task Username_is_unique_regardless_of_case()
    {
        await Registered("ada");

        var answer = await Http.PostJson(Path, Body("ADA"));

        answer.Status.ShouldBe(409);
        answer.Slug.ShouldBe("username-taken");
        (await Events()).ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_registrations_of_a_username_have_one_winner()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Http.PostJson(Path, Body("wanted"))));

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        Host.Log.Entries.ShouldNotContain(entry => entry.Level >= LogLevel.Warning, "an expected outcome is no error");
        answers.Where(answer => answer.Status != 201).ShouldAllBe(answer => answer.Status == 409 && answer.Slug == "username-taken");
        (await Events()).ShouldBe(1);
        await LogIsDense();
    }
}
