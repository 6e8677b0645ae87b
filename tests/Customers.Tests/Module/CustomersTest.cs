using System.Text.Json.Nodes;
using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

/// <summary>A test on an empty database.</summary>
public abstract class CustomersTest(CustomersFixture fixture) : IAsyncLifetime
{
    protected const string Path = "/api/v1/customers";

    protected PostgresFixture Postgres => fixture.Postgres;

    protected ModuleHost Host => fixture.Host;

    protected HttpClient Http => fixture.Http;

    public async ValueTask InitializeAsync() => await fixture.ReadyAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected static string Body(
        string username = "ada", string firstName = "Ada", string lastName = "Lovelace", string email = "ada@example.org") =>
        new JsonObject { ["username"] = username, ["firstName"] = firstName, ["lastName"] = lastName, ["email"] = email }.ToJsonString();

    /// <summary>Registers a customer and returns its route.</summary>
    protected async Task<string> Registered(string username = "ada")
    {
        var answer = await Http.PostJson(Path, Body(username));
        answer.Status.ShouldBe(201, answer.Text);
        return answer.Location!;
    }

    protected Task<long> Events() => Postgres.ScalarAsync<long>("select count(*) from customers.events");

    /// <summary>Every partition's offsets are 0 … n-1, its counter is n, and every stream's versions are 1 … n in offset order.</summary>
    protected async Task LogIsDense()
    {
        (await Postgres.ScalarAsync<long>(
            """
            select count(*) from customers.partitions p
            left join (select partition, count(*) n, min("offset") low, max("offset") high from customers.events group by partition) e using (partition)
            where p.next_offset <> coalesce(n, 0) or (n > 0 and (low <> 0 or high <> n - 1))
            """)).ShouldBe(0);
        (await Postgres.ScalarAsync<long>(
            """
            select count(*) from (
                select stream_version, row_number() over (partition by stream_id order by "offset") place from customers.events) e
            where stream_version <> place
            """)).ShouldBe(0);
    }
}
