using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>
/// Sends bulk requests and looks at each item of the answer: what is there in a newer version is done, what the server has no room for now is sent again, what it refuses is refused.
/// </summary>
internal sealed class Bulk(ElasticsearchClient client, Action<string, ElasticsearchException> blocked)
{
    private const int TooMany = 429;
    private const int Away = 503;

    /// <summary>Sends a body until each of its items is done.</summary>
    /// <param name="index">The index.</param>
    /// <param name="body">The items.</param>
    /// <param name="refresh">Whether what was written is to be found from here on.</param>
    /// <param name="patience">How long it is tried.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many items were there in a newer version, or had changed since they were read.</returns>
    /// <exception cref="RowsRefusedException">The server refuses a document, and would refuse it again.</exception>
    /// <exception cref="StorageUnavailableException">It could not be done for as long as there was patience; some of the items may be.</exception>
    public async Task<int> SendAsync(string index, BulkBody body, bool refresh, RetryPolicy patience, CancellationToken cancellation)
    {
        var pauses = new Backoff(patience.Whole, client.Clock);
        var (left, newer) = (body, 0);
        try
        {
            while (true)
            {
                var outcome = await SendOnceAsync(index, left, refresh, patience, cancellation);
                newer += outcome.Newer;
                if (outcome.Refused is { } refused)
                    throw new RowsRefusedException(refused.Message, refused);
                if (outcome.Again.Count == 0)
                    return newer;
                if (outcome.Block is { } block)
                    blocked(index, block);
                if ((outcome.Block is not null && !patience.OutlastsBlocks) || !await pauses.TakeAsync(null, cancellation))
                    throw new StorageUnavailableException($"Elasticsearch does not take what is written to {index}: {outcome.Last!.Message}", outcome.Block ?? outcome.Last);
                var rest = left.Only(outcome.Again);
                if (left != body)
                    left.Dispose();
                left = rest;
            }
        }
        finally
        {
            if (left != body)
                left.Dispose();
        }
    }

    private async Task<Outcome> SendOnceAsync(string index, BulkBody body, bool refresh, RetryPolicy patience, CancellationToken cancellation)
    {
        var path = $"{index}/_bulk?filter_path=errors,items.*.status,items.*.error&refresh={(refresh ? "true" : "false")}";
        var answer = await client.SendAsync(new ElasticsearchRequest(HttpMethod.Post, path, body.Lines, IsLines: true), patience, cancellation);
        var outcome = new Outcome();
        if (answer.Status == ElasticsearchResponse.TooLarge)
            outcome.Refused = new ElasticsearchException(answer.Status, "too_large", $"a request of {body.Bytes} bytes is too large for the server");
        else if (!answer.IsSuccess)
            Judge(outcome, answer.Failure(), Enumerable.Range(0, body.Count));
        else
            Look(outcome, answer);
        return outcome;
    }

    private static void Look(Outcome outcome, ElasticsearchResponse answer)
    {
        using var json = answer.Json();
        if (!json.RootElement.GetProperty("errors").GetBoolean())
            return;
        var item = 0;
        foreach (var result in json.RootElement.GetProperty("items").EnumerateArray())
        {
            var what = result.EnumerateObject().First().Value;
            if (what.TryGetProperty("error", out var error))
                Judge(outcome, ElasticsearchException.Of(what.GetProperty("status").GetInt32(), error), [item]);
            item++;
        }
    }

    private static void Judge(Outcome outcome, ElasticsearchException failure, IEnumerable<int> items)
    {
        switch (failure.Status)
        {
            case ElasticsearchResponse.Conflict:
                outcome.Newer++;
                break;
            case TooMany or Away:
                outcome.Again.AddRange(items);
                outcome.Last = failure;
                break;
            case ElasticsearchResponse.Forbidden when failure.IsBlock:
                outcome.Again.AddRange(items);
                outcome.Last = outcome.Block = failure;
                break;
            case ElasticsearchResponse.Refused:
                outcome.Refused ??= failure;
                break;
            default:
                throw failure;
        }
    }

    private sealed class Outcome
    {
        public List<int> Again { get; } = [];

        public int Newer { get; set; }

        public ElasticsearchException? Refused { get; set; }

        public ElasticsearchException? Block { get; set; }

        public ElasticsearchException? Last { get; set; }
    }
}
