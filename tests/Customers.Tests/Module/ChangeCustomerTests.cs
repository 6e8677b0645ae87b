using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

[Trait("Category", "Module")]
public sealed class ChangeCustomerTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    [Fact]
    public async Task Two_events_of_a_change_are_consecutive()
    {
        var customer = await Registered();

        var answer = await Http.PatchJson(customer, """{"firstName":" Augusta ","email":"augusta@example.org"}""", "If-Match", "\"1\"");

        answer.Status.ShouldBe(200, answer.Text);
        answer.ETag.ShouldBe("\"3\"");
        ((string)answer.Json["firstName"]!).ShouldBe("Augusta");
        ((string)answer.Json["lastName"]!).ShouldBe("Lovelace");
        (await Postgres.QueryAsync<string>(
            "select concat_ws(' ', \"offset\", stream_version, type) from customers.events order by \"offset\"")).ShouldBe(
            ["0 1 customer.registered.v1", "1 2 customer.renamed.v1", "2 3 customer.email-changed.v1"]);
        (await Postgres.ScalarAsync<long>("select count(distinct correlation_id) from customers.events where stream_version > 1"))
            .ShouldBe(1);
        await LogIsDense();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"firstName":null}""")]
    [InlineData("""{"firstName":" Ada ","lastName":"Lovelace","email":"ada@example.org"}""")]
    public async Task Change_without_effect_stores_nothing(string body)
    {
        var customer = await Registered();

        var answer = await Http.PatchJson(customer, body);

        answer.Status.ShouldBe(200, answer.Text);
        answer.ETag.ShouldBe("\"1\"");
        (await Events()).ShouldBe(1);
    }

    [Fact]
    public async Task Customer_is_deactivated_once_and_reactivated_once()
    {
        var customer = await Registered();

        (await Http.PostJson($"{customer}/reactivate", """{"reason":"is active"}""")).ETag.ShouldBe("\"1\"");
        var inactive = await Http.PostJson($"{customer}/deactivate", """{"reason":"moved"}""");
        (await Http.PostJson($"{customer}/deactivate", """{"reason":"moved again"}""")).ETag.ShouldBe("\"2\"");
        var active = await Http.PostJson($"{customer}/reactivate", """{"reason":"back"}""");

        inactive.ETag.ShouldBe("\"2\"");
        ((string)inactive.Json["status"]!).ShouldBe("inactive");
        active.ETag.ShouldBe("\"3\"");
        ((string)active.Json["status"]!).ShouldBe("active");
        (await Events()).ShouldBe(3);
        await LogIsDense();
    }

    [Fact]
    public async Task Stale_version_is_refused_before_everything_else()
    {
        var customer = await Registered();
        await Http.PatchJson(customer, """{"firstName":"Augusta"}""");

        foreach (var path in new[] { $"{customer}/deactivate", $"{customer}/reactivate" })
        {
            var answer = await Http.PostJson(path, """{"reason":"why"}""", "If-Match", "\"1\"");
            answer.Status.ShouldBe(412);
            answer.Slug.ShouldBe("stale-version");
        }

        (await Http.PatchJson(customer, "{}", "If-Match", "\"1\"")).Status.ShouldBe(412);
        (await Http.PatchJson(customer, "{}", "If-Match", "\"9\"")).Status.ShouldBe(412);
        (await Http.PatchJson(customer, "{}", "If-Match", "*")).Status.ShouldBe(200);
        (await Events()).ShouldBe(2);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"\"")]
    [InlineData("\"01\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"one\"")]
    [InlineData("W/\"1\"")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("\"99999999999999999999\"")]
    public async Task Invalid_If_Match_is_refused(string header)
    {
        var customer = await Registered();

        var answer = await Http.PatchJson(customer, """{"firstName":"Augusta"}""", "If-Match", header);

        answer.Status.ShouldBe(400);
        answer.Slug.ShouldBe("invalid-if-match");
        (await Events()).ShouldBe(1);
    }

    [Fact]
    public async Task Unknown_customer_is_not_found()
    {
        var unknown = $"{Path}/{Guid.CreateVersion7()}";

        foreach (var answer in new[]
        {
            await Http.GetJson(unknown),
            await Http.PatchJson(unknown, "{}", "If-Match", "\"1\""),
            await Http.PostJson($"{unknown}/deactivate", """{"reason":"x"}"""),
            await Http.PostJson($"{unknown}/reactivate", """{"reason":"x"}"""),
        })
        {
            answer.Status.ShouldBe(404);
            answer.Slug.ShouldBe("customer-not-found");
        }
    }

    [Fact]
    public async Task Unchanged_customer_is_not_sent_again()
    {
        var customer = await Registered();

        foreach (var known in new[] { "\"1\"", "W/\"1\"", "\"7\", \"1\"", "*" })
        {
            var answer = await Http.GetJson(customer, "If-None-Match", known);
            answer.Status.ShouldBe(304, known);
            answer.ETag.ShouldBe("\"1\"");
            answer.Text.ShouldBeEmpty();
        }

        (await Http.GetJson(customer, "If-None-Match", "\"2\"")).Status.ShouldBe(200);
        (await Http.GetJson(customer, "If-None-Match", "nonsense")).Status.ShouldBe(200);
    }
}
