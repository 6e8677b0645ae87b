using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>
/// Sends bulk requests and handles each item of the response: version conflicts count as done, items that the server is too busy for are
/// sent again, rejected items fail the request.
/// </summary>
internal sealed class Bulk(ElasticsearchClient client, Action<string, ElasticsearchException> blocked)
{
    private const int TooManyRequests = 429;
    private const int Unavailable = 503;

    /// <summary>Sends a body until all of its items are done.</summary>
    /// <param name="index">The index.</param>
    /// <param name="body">The items.</param>
    /// <param name="refresh">Whether searches see the items when this returns.</param>
    /// <param name="policy">How long it is retried.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The number of version conflicts: items that exist in a newer version, or changed since they were read.</returns>
    /// <exception cref="RowsRefusedException">The server rejects a document permanently.</exception>
    /// <exception cref="StorageUnavailableException">The retry policy is exhausted; some of the items may be written.</exception>
    public async Task<int> SendAsync(string index, BulkBody body, bool refresh, RetryPolicy policy, CancellationToken cancellation)
    {
        var backoff = new Backoff(policy.Total, client.Clock);
        var (remaining, conflicts) = (body, 0);
        try
        {
            while (true)
            {
                var outcome = await SendOnceAsync(index, remaining, refresh, policy, cancellation);
                conflicts += outcome.Conflicts;
                if (outcome.Rejection is { } rejection)
                    throw new RowsRefusedException(rejection.Message, rejection);
                if (outcome.Retries.Count == 0)
                    return conflicts;
                if (outcome.Block is { } block)
                    blocked(index, block);
                if ((outcome.Block is not null && !policy.WaitsForBlocks) || !await backoff.WaitAsync(null, cancellation))
                {
                    throw new StorageUnavailableException(
                        $"Elasticsearch does not take what is written to {index}: {outcome.Last!.Message}", outcome.Block ?? outcome.Last);
                }

                var next = remaining.Only(outcome.Retries);
                if (remaining != body)
                    remaining.Dispose();
                remaining = next;
            }
        }
        finally
        {
            if (remaining != body)
                remaining.Dispose();
        }
    }

    private async Task<Outcome> SendOnceAsync(
        string index, BulkBody body, bool refresh, RetryPolicy policy, CancellationToken cancellation)
    {
        var path = $"{index}/_bulk?filter_path=errors,items.*.status,items.*.error&refresh={(refresh ? "true" : "false")}";
        var request = new ElasticsearchRequest(HttpMethod.Post, path, body.Lines, IsLines: true);
        var response = await client.SendAsync(request, policy, cancellation);
        var outcome = new Outcome();
        if (response.Status == ElasticsearchResponse.TooLarge)
        {
            outcome.Rejection = new ElasticsearchException(
                response.Status, "too_large", $"a request of {body.Bytes} bytes is too large for the server");
        }
        else if (!response.IsSuccess)
        {
            Add(outcome, response.Failure(), Enumerable.Range(0, body.Count));
        }
        else
        {
            AddItems(outcome, response);
        }

        return outcome;
    }

    private static void AddItems(Outcome outcome, ElasticsearchResponse response)
    {
        using var json = response.Json();
        if (!json.RootElement.GetProperty("errors").GetBoolean())
            return;
        var index = 0;
        foreach (var item in json.RootElement.GetProperty("items").EnumerateArray())
        {
            var result = item.EnumerateObject().First().Value;
            if (result.TryGetProperty("error", out var error))
                Add(outcome, ElasticsearchException.Of(result.GetProperty("status").GetInt32(), error), [index]);
            index++;
        }
    }

    private static void Add(Outcome outcome, ElasticsearchException failure, IEnumerable<int> items)
    {
        switch (failure.Status)
        {
            case ElasticsearchResponse.Conflict:
                outcome.Conflicts++;
                break;
            case TooManyRequests or Unavailable:
                outcome.Retries.AddRange(items);
                outcome.Last = failure;
                break;
            case ElasticsearchResponse.Forbidden when failure.IsBlock:
                outcome.Retries.AddRange(items);
                outcome.Last = outcome.Block = failure;
                break;
            case ElasticsearchResponse.BadRequest:
                outcome.Rejection ??= failure;
                break;
            default:
                throw failure;
        }
    }

    private sealed class Outcome
    {
        public List<int> Retries { get; } = [];

        public int Conflicts { get; set; }

        public ElasticsearchException? Rejection { get; set; }

        public ElasticsearchException? Block { get; set; }

        public ElasticsearchException? Last { get; set; }
    }
}
