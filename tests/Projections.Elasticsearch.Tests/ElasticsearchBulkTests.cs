using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>The outcome of each item of a bulk request, and of requests without an answer.</summary>
[Trait("Category", "Unit")]
public sealed class ElasticsearchBulkTests
{
    private const string Done = """{"errors":false}""";

    private readonly SkippedTime clock = new();
    private readonly Queue<HttpResponseMessage> answers = new();
    private readonly List<string> requests = [];
    private readonly List<string> blocks = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_rejected_items_are_sent_again()
    {
        Answers(Items(Ok, Error(429, "es_rejected_execution_exception"), Ok, Error(429, "es_rejected_execution_exception")), Done);

        (await SendAsync("a", "b", "c", "d")).ShouldBe(0);

        requests.Count.ShouldBe(2);
        requests[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(8);
        requests[1]
            .ShouldBe(
                "{\"index\":{\"_id\":\"b\",\"version\":1,\"version_type\":\"external\"}}\n{\"n\":\"b\"}\n"
                + "{\"index\":{\"_id\":\"d\",\"version\":1,\"version_type\":\"external\"}}\n{\"n\":\"d\"}\n");
    }

    [Fact]
    public async Task Existing_newer_version_counts_as_written()
    {
        Answers(Items(Error(409, "version_conflict_engine_exception"), Ok, Error(409, "version_conflict_engine_exception")));

        (await SendAsync("a", "b", "c")).ShouldBe(2);

        requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refusal_of_the_server_is_reported_without_data()
    {
        Answers(
            Items(
                Ok,
                Error(400, "document_parsing_exception", "failed to parse field [at] of type [long]. Preview of field's value: 'secret'")));

        (
            await Should.ThrowAsync<RowsRefusedException>(
                () => SendAsync("a", "b"))).Message.ShouldBe("document_parsing_exception: failed to parse field [at] of type [long]");
    }

    [Fact]
    public async Task Live_batch_reports_a_block_and_a_rebuild_waits()
    {
        var blocked = Items(Error(403, "cluster_block_exception", "index [i] blocked by: [FORBIDDEN/8/index write (api)];"));
        Answers(blocked);
        (await Should.ThrowAsync<StorageUnavailableException>(() => SendAsync("a"))).Message
            .ShouldContain("FORBIDDEN/8");
        blocks.Count.ShouldBe(1);

        Answers(blocked, blocked, Done);
        (await SendAsync(RetryPolicy.OfBuilds, "a")).ShouldBe(0);
        blocks.Count.ShouldBe(3);
        requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Retry_after_of_the_server_is_respected()
    {
        answers.Enqueue(
            new HttpResponseMessage(HttpStatusCode.TooManyRequests)
            {
                Content = new StringContent("{}"),
                Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)) },
            });
        Answers(Done);
        var begun = clock.GetUtcNow();

        (await SendAsync(RetryPolicy.OfBuilds, "a")).ShouldBe(0);

        (clock.GetUtcNow() - begun).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Retries_end_at_the_timeout()
    {
        for (var i = 0; i < 100; i++)
            answers.Enqueue(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("{}") });
        var begun = clock.GetUtcNow();

        (
            await Should.ThrowAsync<StorageUnavailableException>(() => SendAsync("a"))).Message
            .ShouldContain("Elasticsearch at search:9200 does not answer");

        (clock.GetUtcNow() - begun).ShouldBeLessThanOrEqualTo(RetryPolicy.OfSteps.Total);
        requests.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Missing_shard_is_unavailable_and_not_a_refused_row()
    {
        Answers(
            """{"docs":[{"_index":"i","_id":"a","error":{"type":"no_shard_available_action_exception","reason":"No shard available for [i]"}}]}""");
        using var handler = new Answering(this);
        using var client = NewClient(handler);
        var index = new RowIndex<Guid, CounterRow>(
            client, new Bulk(client, (_, _) => { }), new StoreNames("", "shop.counters"), ElasticsearchUnderTest.MappingOf<CounterRow>());

        (
            await Should.ThrowAsync<StorageUnavailableException>(
                () => index.FindAsync(1, [Guid.Empty], (_, _, _) => { }, Cancellation))).Message.ShouldContain("No shard available");
    }

    private Task<int> SendAsync(params string[] ids) => SendAsync(RetryPolicy.OfSteps, ids);

    private ElasticsearchClient NewClient(HttpMessageHandler handler) =>
        new(
            new ElasticsearchSettings(
                new ConfigurationBuilder().AddInMemoryCollection([new("Elasticsearch:Url", "http://search:9200")]).Build()),
            clock,
            handler);

    private async Task<int> SendAsync(RetryPolicy policy, params string[] ids)
    {
        using var handler = new Answering(this);
        using var client = NewClient(handler);
        using var body = new BulkBody();
        foreach (var id in ids)
        {
            var writer = body.BeginVersion(id, 1);
            writer.WriteStartObject();
            writer.WriteString("n", id);
            writer.WriteEndObject();
            body.End();
        }

        return await new Bulk(client, (index, _) => blocks.Add(index)).SendAsync("i", body, refresh: false, policy, Cancellation);
    }

    private void Answers(params string[] bodies)
    {
        foreach (var body in bodies)
            answers.Enqueue(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
    }

    private const string Ok = """{"index":{"status":201}}""";

    private static string Items(params string[] items) => $$$"""{"errors":true,"items":[{{{string.Join(',', items)}}}]}""";

    private static string Error(int status, string type, string reason = "") =>
        $$$$"""{"index":{"status":{{{{status}}}},"error":{"type":"{{{{type}}}}","reason":"{{{{reason}}}}"}}}""";

    private sealed class Answering(ElasticsearchBulkTests test) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            test.requests.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return test.answers.Dequeue();
        }
    }

    /// <summary>A clock whose timers elapse at once.</summary>
    private sealed class SkippedTime : TimeProvider
    {
        private long passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref passed);

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref passed, dueTime.Ticks);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
