using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Monolith.Testing;
using Npgsql;

namespace Monolith.Customers.Tests.Module;

[Trait("Category", "Module")]
public sealed class IdempotencyTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    private const string Key = "Idempotency-Key";
    private const string Replayed = "Idempotency-Replayed";
    private const int Callers = 20;

    [Fact]
    public async Task Repeated_request_gets_the_stored_response()
    {
        var first = await Http.PostJson(Path, Body(), Key, "k-1");
        (await Http.PatchJson(first.Location!, """{"firstName":"Augusta"}""")).Status.ShouldBe(200);
        var second = await Http.PostJson(Path, Body(), Key, "k-1");

        first.Status.ShouldBe(201, first.Text);
        first.Response.Headers.Contains(Replayed).ShouldBeFalse();
        second.Response.Headers.GetValues(Replayed).ShouldBe(["true"]);
        (second.Status, second.Text, second.ETag, second.Location, second.ContentType)
            .ShouldBe((first.Status, first.Text, first.ETag, first.Location, first.ContentType));
        Token(second).ShouldBe(Token(first));
        (await Events()).ShouldBe(2);
    }

    [Fact]
    public async Task Key_of_another_request_is_refused()
    {
        var customer = await Http.PostJson(Path, Body(), Key, "k-1");

        var otherBody = await Http.PostJson(Path, Body("grace"), Key, "k-1");
        var otherPath = await Http.PostJson($"{customer.Location}/deactivate", Body(), Key, "k-1");

        (otherBody.Status, otherBody.Slug).ShouldBe((422, "idempotency-key-reused"));
        (otherPath.Status, otherPath.Slug).ShouldBe((400, "invalid-request"), "what breaks the rules of its fields was never kept");
        (await Events()).ShouldBe(1);
    }

    [Fact]
    public async Task Refused_request_is_not_stored()
    {
        await Registered();

        var taken = await Http.PostJson(Path, Body(), Key, "k-1");
        await Postgres.ExecuteAsync("update customers.customers set username = 'freed'");
        var free = await Http.PostJson(Path, Body(), Key, "k-1");

        (taken.Status, taken.Slug).ShouldBe((409, "username-taken"));
        free.Status.ShouldBe(201, free.Text);
    }

    [Fact]
    public async Task Response_of_a_change_without_effect_is_stored()
    {
        var customer = await Registered();
        await Http.PostJson($"{customer}/deactivate", """{"reason":"asked"}""");

        var first = await Http.PostJson($"{customer}/deactivate", """{"reason":"asked"}""", Key, "k-1");
        await Http.PostJson($"{customer}/reactivate", """{"reason":"asked"}""");
        var second = await Http.PostJson($"{customer}/deactivate", """{"reason":"asked"}""", Key, "k-1");

        (first.Status, (string?)first.Json["status"]).ShouldBe((200, "inactive"));
        Token(first).ShouldNotBeEmpty();
        second.Text.ShouldBe(first.Text);
        (await Events()).ShouldBe(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    public async Task Key_outside_visible_ASCII_is_refused(string key)
    {
        var answer = await Http.PostJson(Path, Body(), Key, key);

        (answer.Status, answer.Slug).ShouldBe((400, "invalid-request"));
        answer.Json["errors"]![Key].ShouldNotBeNull();
        (await Events()).ShouldBe(0);
    }

    [Fact]
    public async Task Key_has_at_most_128_characters_and_one_value()
    {
        (await Http.PostJson(Path, Body(), Key, new string('k', 128))).Status.ShouldBe(201);
        (await Http.PostJson(Path, Body("grace"), Key, new string('k', 129))).Status.ShouldBe(400);
        (await Http.PostJson(Path, Body("grace"), Key, "a", Key, "b")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Concurrent_requests_with_one_key_register_one_customer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Http.PostJson(Path, Body(), Key, "k-1")));

        answers.Count(answer => answer.Status == 201 && !answer.Response.Headers.Contains(Replayed)).ShouldBe(1);
        foreach (var answer in answers.Where(answer => answer.Status != 201))
        {
            (answer.Status, answer.Slug).ShouldBe((409, "idempotency-key-in-use"));
            answer.Response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }

        (await Events()).ShouldBe(1);
        (await Http.PostJson(Path, Body(), Key, "k-1")).Response.Headers.Contains(Replayed).ShouldBeTrue();
    }

    /// <summary>Another host is committing: its INSERT holds the key, and the request does not wait for it.</summary>
    [Fact]
    public async Task Key_that_another_host_commits_is_refused()
    {
        await using var other = new NpgsqlConnection(Postgres.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (
            var insert = new NpgsqlCommand(
                "insert into customers.idempotency_keys (key, payload, status, headers, body, event_ids) values ('k-1', '', 201, '{}', "
                    + "'', '{}')",
                other,
                transaction))
            await insert.ExecuteNonQueryAsync();

        var running = await Http.PostJson(Path, Body(), Key, "k-1");
        await transaction.RollbackAsync();
        var free = await Http.PostJson(Path, Body(), Key, "k-1");

        (running.Status, running.Slug).ShouldBe((409, "idempotency-key-in-use"));
        free.Status.ShouldBe(201, free.Text);
        (await Events()).ShouldBe(1);
        await LogIsDense();
    }

    [Fact]
    public async Task Replay_is_measured_as_a_separate_outcome()
    {
        await Http.PostJson(Path, Body(), Key, "k-1");
        var measured = new ConcurrentQueue<string>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "monolith.command.duration")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) => measured.Enqueue(Shown(tags.ToArray())));
        meters.Start();
        var spans = new ConcurrentQueue<Activity>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Monolith.Cqrs",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(traces);

        await Http.PostJson(Path, Body(), Key, "k-1");
        await Http.PostJson(Path, Body("grace"), Key, "k-1");
        await Http.PostJson(Path, Body("grace"), Key, "k-2");

        measured.ShouldBe(
        [
            "command=RegisterCustomer outcome=replayed",
            "command=RegisterCustomer outcome=refused error.type=idempotency-key-reused",
            "command=RegisterCustomer outcome=done",
        ]);
        spans.Select(span => Shown([.. span.TagObjects]))
            .ShouldBe(["outcome=replayed", "outcome=refused error.type=idempotency-key-reused", "outcome=done"]);
        spans.ShouldAllBe(span => span.Status == ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task Key_is_written_in_the_batch_of_the_command()
    {
        Host.Log.Clear();

        await Http.PostJson(Path, Body(), Key, "k-1");

        var batch = Host.Log.Entries.Last(entry => entry.Event == RelationalEventId.CommandExecuted).Message;
        batch.ShouldContain("INSERT INTO customers.idempotency_keys");
        batch.IndexOf("INSERT INTO customers.idempotency_keys", StringComparison.Ordinal)
            .ShouldBeLessThan(batch.IndexOf("INSERT INTO customers.events", StringComparison.Ordinal));
    }

    private static string Shown(KeyValuePair<string, object?>[] tags) => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));

    private static string Token(JsonAnswer answer) => answer.Response.Headers.GetValues("Consistency-Token").Single();
}
