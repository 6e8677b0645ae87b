using System.Text.Json.Nodes;
using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

[Trait("Category", "Module")]
public sealed class ListCustomersTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    private const int Clients = 16;
    private const int Registrations = Clients * 20;

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        for (var i = 0; i < 7; i++)
            await Registered($"user-{i}");

        var read = new List<string>();
        var url = $"{Path}?limit=3";
        var pages = 0;
        while (url is not null)
        {
            var page = (await Http.GetJson(url)).Json;
            read.AddRange(page["items"]!.AsArray().Select(item => (string)item!["username"]!));
            page.AsObject().ContainsKey("next").ShouldBe(read.Count < 7);
            url = (string?)page["next"];
            pages++;
        }

        pages.ShouldBe(3);
        read.ShouldBe(Enumerable.Range(0, 7).Select(i => $"user-{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Concurrent_registrations_are_listed_in_order()
    {
        var concurrently = new ParallelOptions { MaxDegreeOfParallelism = Clients };
        await Parallel.ForAsync(0, Registrations, concurrently, async (i, _) => await Registered($"user-{i}"));

        var listed = await AllPages(limit: 7);

        listed.Select(item => item.RegisteredAt).ShouldBeInOrder();
        listed.Select(item => item.Username).ShouldBe(Enumerable.Range(0, Registrations).Select(i => $"user-{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task List_order_follows_registration_regardless_of_ids()
    {
        for (var i = 0; i < 9; i++)
            await Registered($"user-{i}");
        await RegisteredAt("'2026-01-31T09:30:00.123456Z'::timestamptz - substr(username, 6)::int * interval '1 microsecond'");

        var listed = await AllPages(limit: 2);

        listed.Select(item => item.Username).ShouldBe(Enumerable.Range(0, 9).Reverse().Select(i => $"user-{i}"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Customers_with_equal_times_are_listed_once(int limit)
    {
        for (var i = 0; i < 10; i++)
            await Registered($"user-{i}");
        await RegisteredAt("'2026-01-31T09:30:00.123456Z' where username between 'user-2' and 'user-7'");

        var listed = await AllPages(limit);

        listed.Select(item => item.RegisteredAt).ShouldBeInOrder();
        listed.Select(item => item.Username).ShouldBe(Enumerable.Range(0, 10).Select(i => $"user-{i}"), ignoreOrder: true);
        listed.Take(6).Select(item => item.Id).ShouldBeInOrder();
    }

    [Fact]
    public async Task Full_last_page_has_no_next()
    {
        await Registered("one");
        await Registered("two");

        (await Http.GetJson($"{Path}?limit=2")).Json.AsObject().ContainsKey("next").ShouldBeFalse();
        (await Http.GetJson($"{Path}?limit=1")).Json["next"]!.GetValue<string>().ShouldStartWith($"{Path}?limit=1&after=");
    }

    [Fact]
    public async Task Username_filter_finds_its_customer()
    {
        await Registered("ada");
        await Registered("bob");

        Usernames((await Http.GetJson($"{Path}?username=%20ADA")).Json).ShouldBe(["ada"]);
        Usernames((await Http.GetJson($"{Path}?username=unknown")).Json).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("after=", "after")]
    [InlineData("after=x", "after")]
    [InlineData("after=AAAAAAAAAAAAAAAAAAAAAB", "after")]
    [InlineData("after=AZrA-wAAcACAAAAAAAAAAA", "after")]
    [InlineData("after=________________________________", "after")]
    [InlineData("after=%00", "after")]
    [InlineData("username=a", "username")]
    [InlineData("username=a%00b", "username")]
    public async Task Invalid_parameter_is_named(string query, string field)
    {
        var answer = await Http.GetJson($"{Path}?{query}");

        answer.Status.ShouldBe(400, answer.Text);
        answer.Slug.ShouldBe("invalid-request");
        answer.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe([field]);
    }

    private Task RegisteredAt(string time) => Postgres.ExecuteAsync($"update customers.customers set registered_at = {time}");

    private async Task<List<(Guid Id, string Username, DateTimeOffset RegisteredAt)>> AllPages(int limit)
    {
        var listed = new List<(Guid, string, DateTimeOffset)>();
        for (var url = $"{Path}?limit={limit}"; url is not null;)
        {
            var page = (await Http.GetJson(url)).Json;
            foreach (var item in page["items"]!.AsArray())
                listed.Add(((Guid)item!["id"]!, (string)item["username"]!, (DateTimeOffset)item["registeredAt"]!));
            url = (string?)page["next"];
        }

        return listed;
    }

    private static IEnumerable<string> Usernames(JsonNode page) => page["items"]!.AsArray().Select(item => (string)item!["username"]!);
}
