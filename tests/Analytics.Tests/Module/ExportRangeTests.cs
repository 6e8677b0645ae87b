using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Monolith.Analytics.Tests.Logs;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.Modules.Customers.Contracts;
using Monolith.Testing;

namespace Monolith.Analytics.Tests.Module;

/// <summary>Exports, read in ranges by clients that first request the length.</summary>
[Trait("Category", "Module")]
public sealed class ExportRangeTests : IAsyncLifetime
{
    private const int Footer = 8;

    private static readonly DateTimeOffset Start = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly MemoryLogs logs = new();
    private AnalyticsHost? host;

    private AnalyticsHost Host => host!;

    public async ValueTask InitializeAsync()
    {
        Register("ada");
        host = await AnalyticsHost.StartAsync(logs, folder.Path);
        await host.UntilCurrentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        folder.Dispose();
    }

    [Theory, InlineData("events"), InlineData("orders"), InlineData("order-lines"), InlineData("customers")]
    public async Task Length_and_ranges_are_of_one_file(string dataSet)
    {
        using var head = await SendAsync(HttpMethod.Head, dataSet);
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        var length = head.Content.Headers.ContentLength!.Value;
        head.Headers.AcceptRanges.ShouldBe(["bytes"]);
        head.Headers.ETag!.IsWeak.ShouldBeFalse();
        // New events do not change the file that is being read.
        Register("bob");
        await Host.UntilCurrentAsync();

        using var joined = new MemoryStream();
        for (var from = 0L; from < length; from += length / 3)
        {
            var to = Math.Min(from + (length / 3), length) - 1;
            using var part = await SendAsync(HttpMethod.Get, dataSet, $"bytes={from}-{to}");
            part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
            part.Headers.ETag.ShouldBe(head.Headers.ETag);
            part.Content.Headers.ContentRange.ShouldBe(new ContentRangeHeaderValue(from, to, length));
            await part.Content.CopyToAsync(joined);
        }

        using var end = await SendAsync(HttpMethod.Get, dataSet, $"bytes=-{Footer}");
        (await end.Content.ReadAsByteArrayAsync()).ShouldBe(joined.ToArray()[^Footer..]);
        (await ParquetFile.ReadAsync(joined.ToArray())).Columns.ShouldNotBeEmpty();
    }

    [Theory, InlineData("events"), InlineData("customers")]
    public async Task Unchanged_history_gives_the_same_file_to_all(string dataSet)
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => SendAsync(i % 2 == 0 ? HttpMethod.Head : HttpMethod.Get, dataSet)));

        answers.Select(answer => answer.Headers.ETag).Distinct().ShouldHaveSingleItem();
        answers.Select(answer => answer.Content.Headers.ContentLength).Distinct().ShouldHaveSingleItem();
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Theory, InlineData("events"), InlineData("customers")]
    public async Task Full_download_includes_new_events(string dataSet)
    {
        using var first = await SendAsync(HttpMethod.Get, dataSet);
        Register("bob");
        await Host.UntilCurrentAsync();
        using var second = await SendAsync(HttpMethod.Get, dataSet);

        (await RowsAsync(first), await RowsAsync(second)).ShouldBe((1, 2));
        second.Headers.ETag.ShouldNotBe(first.Headers.ETag);
        using var older = await SendAsync(HttpMethod.Get, dataSet, headers: ("If-Match", first.Headers.ETag!.ToString()));
        (await RowsAsync(older)).ShouldBe(1, "a client that names a file gets that one");
        using var rest = await SendAsync(HttpMethod.Get, dataSet, "bytes=0-3", ("If-Range", first.Headers.ETag!.ToString()));
        (rest.StatusCode, rest.Headers.ETag).ShouldBe((HttpStatusCode.PartialContent, first.Headers.ETag));
    }

    [Fact]
    public async Task Request_with_consistency_token_gets_no_older_file()
    {
        using var head = await SendAsync(HttpMethod.Head, "customers");
        Register("bob");
        await Host.UntilCurrentAsync();

        using var again = await SendAsync(HttpMethod.Get, "customers", "bytes=0-3");
        var bob = logs.All.Single(record => Encoding.UTF8.GetString(record.Data.Span).Contains("\"bob\"", StringComparison.Ordinal));
        var token = ConsistencyToken.Of(new LogOffset(bob.Log, bob.Partition, bob.Offset + 1));
        using var range = await SendAsync(HttpMethod.Get, "customers", "bytes=0-3", ("Consistency-Token", token));

        again.Headers.ETag.ShouldBe(head.Headers.ETag, "without a token the read continues with its file");
        range.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        range.Headers.ETag.ShouldNotBe(head.Headers.ETag);
    }

    [Theory, InlineData("events"), InlineData("customers")]
    public async Task Readers_of_one_export_keep_their_own_files(string dataSet)
    {
        using var first = await SendAsync(HttpMethod.Head, dataSet, headers: ("User-Agent", "first"));
        Register("bob");
        await Host.UntilCurrentAsync();
        using var second = await SendAsync(HttpMethod.Head, dataSet, headers: ("User-Agent", "second"));

        using var rangeOfFirst = await SendAsync(HttpMethod.Get, dataSet, "bytes=0-3", ("User-Agent", "first"));
        using var rangeOfSecond = await SendAsync(HttpMethod.Get, dataSet, "bytes=0-3", ("User-Agent", "second"));

        second.Headers.ETag.ShouldNotBe(first.Headers.ETag);
        rangeOfFirst.Headers.ETag.ShouldBe(first.Headers.ETag);
        rangeOfSecond.Headers.ETag.ShouldBe(second.Headers.ETag);
    }

    [Theory, InlineData("events"), InlineData("customers")]
    public async Task First_range_of_a_client_reads_the_current_state(string dataSet)
    {
        using var older = await SendAsync(HttpMethod.Get, dataSet, headers: ("User-Agent", "first"));
        Register("bob");
        await Host.UntilCurrentAsync();

        using var range = await SendAsync(HttpMethod.Get, dataSet, "bytes=0-999999999", ("User-Agent", "other"));

        range.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await RowsAsync(older), await RowsAsync(range)).ShouldBe((1, 2));
    }

    [Theory]
    [InlineData("If-None-Match", "{0}", HttpStatusCode.NotModified)]
    [InlineData("If-None-Match", "\"other\"", HttpStatusCode.OK)]
    [InlineData("If-None-Match", "*", HttpStatusCode.NotModified)]
    [InlineData("If-Match", "{0}", HttpStatusCode.OK)]
    [InlineData("If-Match", "\"other\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("If-Match", "*", HttpStatusCode.OK)]
    [InlineData("Range", "bytes=0-0", HttpStatusCode.PartialContent)]
    [InlineData("Range", "bytes=0-999999999", HttpStatusCode.PartialContent)]
    [InlineData("Range", "bytes=999999999-", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("Range", "bytes=0-1,3-4", HttpStatusCode.OK)]
    [InlineData("Range", "nonsense", HttpStatusCode.OK)]
    public async Task Conditions_and_ranges_follow_RFC_9110(string header, string value, HttpStatusCode status)
    {
        using var first = await SendAsync(HttpMethod.Head, "customers");

        using var answer = await SendAsync(HttpMethod.Get, "customers", headers: (header, string.Format(null, value, first.Headers.ETag)));

        answer.StatusCode.ShouldBe(status);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        if (status < HttpStatusCode.BadRequest)
        {
            answer.Headers.ETag.ShouldBe(first.Headers.ETag);
            return;
        }

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldContain(
            status == HttpStatusCode.PreconditionFailed ? "urn:problem:stale-version" : "urn:problem:range-not-satisfiable");
        if (status == HttpStatusCode.RequestedRangeNotSatisfiable)
            answer.Content.Headers.ContentRange!.Length.ShouldBe(first.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Range_of_another_file_returns_the_whole_file()
    {
        using var answer = await SendAsync(HttpMethod.Get, "customers", "bytes=0-3", ("If-Range", "\"other\""));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RowsAsync(answer)).ShouldBe(1);
    }

    private static async Task<int> RowsAsync(HttpResponseMessage answer) =>
        (await ParquetFile.ReadAsync(await answer.Content.ReadAsByteArrayAsync())).Rows.Count;

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string dataSet, string? range = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/analytics/exports/{dataSet}.parquet");
        if (range is not null)
            request.Headers.TryAddWithoutValidation("Range", range);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Host.Http.SendAsync(request);
    }

    private void Register(string username) =>
        logs.Append(new CustomerRegistered(Guid.NewGuid(), username, "Ada", "Byron", $"{username}@example.org"), Start);
}
