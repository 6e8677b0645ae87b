using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Events.Writing;
using Monolith.Modules.Customers.Application;
using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

[Trait("Category", "Module")]
public sealed class CommitTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    [Fact]
    public async Task Commit_is_one_batch_with_the_events_last()
    {
        var customer = await Registered();
        Host.Log.Clear();

        (await Http.PatchJson(customer, """{"firstName":"Augusta","email":"augusta@example.org"}""")).Status.ShouldBe(200);

        var commands = Host.Log.Entries.Where(entry => entry.Event == RelationalEventId.CommandExecuted).Select(entry => entry.Message)
            .ToArray();
        commands.Length.ShouldBe(2, "one to load, one to save");
        commands[0].ShouldContain("SELECT");
        Statements(commands[1]).ShouldBe(["UPDATE customers.customers", "INSERT INTO customers.events", "INSERT INTO customers.events"]);
        Host.Log.Entries.ShouldNotContain(entry => entry.Category == DbLoggerCategory.Database.Transaction.Name);
    }

    [Fact]
    public async Task Registering_is_one_batch_too()
    {
        await Http.PostJson(Path, Body());

        var commands = Host.Log.Entries.Where(entry => entry.Event == RelationalEventId.CommandExecuted).Select(entry => entry.Message)
            .ToArray();
        Statements(commands[^1]).ShouldBe(["INSERT INTO customers.customers", "INSERT INTO customers.events"]);
        Host.Log.Entries.ShouldNotContain(entry => entry.Category == DbLoggerCategory.Database.Transaction.Name);
    }

    [Fact]
    public async Task Writer_that_loses_the_race_stores_nothing()
    {
        var id = Guid.Parse((await Registered()).Split('/')[^1]);
        await using var scope = Host.Services.CreateAsyncScope();
        var loser = await Load(scope, id);
        loser.Rename("Slow", "Writer", DateTimeOffset.UtcNow);
        (await Http.PatchJson($"{Path}/{id}", """{"firstName":"Fast"}""")).Status.ShouldBe(200);

        var commit = await UnitOfWork(scope).CommitAsync(CancellationToken.None);

        commit.Status.ShouldBe(CommitStatus.Conflict);
        Host.Log.Entries.ShouldContain(
            entry => entry.Event == CoreEventId.SaveChangesFailed, "the UPDATE found no row, and the INSERT met the key of the log");
        Host.Log.Entries.ShouldNotContain(entry => entry.Event == CoreEventId.OptimisticConcurrencyException);
        (await Events()).ShouldBe(2);
        (await Postgres.ScalarAsync<string>("select first_name from customers.customers")).ShouldBe("Fast");
        await LogIsDense();
    }

    [Fact]
    public async Task Existing_stream_version_is_a_lost_race()
    {
        var id = Guid.Parse((await Registered()).Split('/')[^1]);
        await using var scope = Host.Services.CreateAsyncScope();
        var customer = await Load(scope, id);
        customer.Rename("Slow", "Writer", DateTimeOffset.UtcNow);
        // The state row still has version 1, so only the log's key refuses.
        await Postgres.ExecuteAsync(
            """
            insert into customers.events (partition, "offset", event_id, stream_id, stream_version, type, data, occurred_at, correlation_id)
            select partition, 1, gen_random_uuid(), stream_id, 2, 'customer.renamed.v1', data, occurred_at, correlation_id from customers.events
            """);
        await Postgres.ExecuteAsync("update customers.partitions set next_offset = 2 where next_offset = 1");

        var commit = await UnitOfWork(scope).CommitAsync(CancellationToken.None);

        commit.Status.ShouldBe(CommitStatus.Conflict);
        Host.Log.Entries.ShouldContain(entry => entry.Event == CoreEventId.SaveChangesFailed, "the INSERT met the key of the log");
        (await Events()).ShouldBe(2);
        (await Postgres.ScalarAsync<string>("select first_name from customers.customers")).ShouldBe("Ada");
        await LogIsDense();
    }

    [Fact]
    public async Task State_changed_outside_the_module_is_no_lost_race()
    {
        var id = Guid.Parse((await Registered()).Split('/')[^1]);
        await using var scope = Host.Services.CreateAsyncScope();
        var customer = await Load(scope, id);
        customer.Rename("Augusta", "Lovelace", DateTimeOffset.UtcNow);
        await Postgres.ExecuteAsync("update customers.customers set version = 7");

        var broken = await Should.ThrowAsync<InvalidOperationException>(() => UnitOfWork(scope).CommitAsync(CancellationToken.None));

        broken.Message.ShouldContain("not at the version of its stream");
    }

    [Fact]
    public async Task Concurrent_changes_of_a_customer_pass_or_conflict()
    {
        var customer = await Registered();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 32)
                .Select(i => Http.PatchJson(customer, $$"""{"firstName":"Ada {{i}}","email":"ada{{i}}@example.org"}""")));

        answers.ShouldAllBe(answer => answer.Status == 200 || (answer.Status == 409 && answer.Slug == "concurrent-change"));
        var passed = answers.Where(answer => answer.Status == 200).ToArray();
        passed.ShouldNotBeEmpty();
        passed.Select(answer => answer.ETag).ShouldBeUnique();
        (await Events()).ShouldBe(1 + (2 * passed.Length));
        (await Postgres.ScalarAsync<long>("select version from customers.customers")).ShouldBe(1 + (2 * passed.Length));
        await LogIsDense();
    }

    [Fact]
    public async Task Concurrent_changes_of_a_version_have_one_winner()
    {
        var customer = await Registered();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => Http.PatchJson(customer, $$"""{"firstName":"Ada {{i}}"}""", "If-Match", "\"1\"")));

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Count(answer => answer.Status == 412).ShouldBe(15);
        (await Events()).ShouldBe(2);
        await LogIsDense();
    }

    [Fact]
    public async Task Command_cancelled_before_the_commit_stores_nothing()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            () => Host.Send(new RegisterCustomer("ada", "Ada", "Lovelace", "ada@example.org"), gone.Token));

        (await Events()).ShouldBe(0);
    }

    private static async Task<Modules.Customers.Domain.Customer> Load(AsyncServiceScope scope, Guid id) =>
        (await scope.ServiceProvider.GetRequiredService<ICustomers>().Load(id, null, CancellationToken.None)).Value;

    private static IUnitOfWork UnitOfWork(AsyncServiceScope scope) =>
        scope.ServiceProvider.GetRequiredKeyedService<IUnitOfWork>("Customers");

    private static IEnumerable<string> Statements(string command) => command.Split('\n')
        .Where(line => line.StartsWith("UPDATE", StringComparison.Ordinal) || line.StartsWith("INSERT", StringComparison.Ordinal))
        .Select(line => string.Join(' ', line.TrimEnd().Split(' ').TakeWhile(word => word != "SET" && !word.StartsWith('(')).ToArray()));
}
