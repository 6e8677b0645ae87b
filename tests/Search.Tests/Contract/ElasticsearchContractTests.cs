using Monolith.BuildingBlocks.Events;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Application.Queries;
using Monolith.Modules.Search.Infrastructure.Projections;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.Search.Tests.Contract;

/// <summary>The contract with the composed module and a real Elasticsearch.</summary>
[Trait("Category", "Module")]
public sealed class ElasticsearchContractTests(TestElasticsearch elasticsearch) : SearchContract, IAsyncDisposable
{
    private const int MaxCustomersPerPart = 10_000;

    private ComposedSearch? open;
    private string? prefix;

    private protected override int RandomRounds => TestScale.Of(25);

    private protected override async Task<SearchedIndexes> OpenAsync(
        IReadOnlyCollection<CustomerRow> customers, IReadOnlyCollection<OrderRow> orders)
    {
        await DisposeAsync();
        prefix = elasticsearch.NewPrefix();
        open = Composed((await elasticsearch.ServerAsync()).Url, prefix);
        return await open.FillAsync(customers, orders);
    }

    [Fact]
    public async Task Largest_possible_query_is_answered()
    {
        var indexes = await OpenAsync(Corpus.Customers, Corpus.Orders);
        var known = Corpus.Orders[0];
        // Each word of the query matches ten thousand customers, with several scores.
        string[] ids =
            [.. Enumerable.Range(0, MaxCustomersPerPart - 1).Select(_ => Guid.NewGuid().ToString()), known.CustomerId.ToString()];
        var node = new SearchNode.Must(
            [.. Enumerable.Range(0, QueryText.MaxWords).Select(_ => new SearchNode.DisMax(
                [.. ids.Chunk(MaxCustomersPerPart / 4).Select(some => new SearchNode.Terms(OrderFields.Customer, some, 1))]))]);

        var found = (await indexes.Orders.SearchAsync(new IndexSearch(node, SearchFilter.None, 200), null, CancellationToken.None)).Value;

        found.Hits.Select(hit => hit.Row.Id).ShouldContain(known.Id);
        found.Hits.ShouldAllBe(hit => hit.Score == QueryText.MaxWords && hit.Row.CustomerId == known.CustomerId);
    }

    [Fact]
    public async Task Deleted_row_is_not_found()
    {
        var indexes = await OpenAsync(Corpus.Customers, Corpus.Orders);
        var (deleted, other) = (Corpus.Customers.First(), Corpus.Customers.Last());

        await open!.RemoveAsync<CustomerRow>(CustomerProjection.Name, deleted.Id);

        (await indexes.Customers.FindAsync([deleted.Id, other.Id], null, CancellationToken.None)).Value.Keys.ShouldBe([other.Id]);
        var all = new IndexSearch(new SearchNode.Prefix(CustomerFields.Search.Words, "", 1), SearchFilter.None, 200);
        (await indexes.Customers.SearchAsync(all, null, CancellationToken.None)).Value.Total.ShouldBe(Corpus.Customers.Count - 1);
    }

    [Fact]
    public async Task Unavailable_server_fails_fast()
    {
        var node = new SearchNode.Term(CustomerFields.Search.Words, "a", 1);
        await using var unavailable = Composed(FreeAddress.Http(), "t0-");

        await Should.ThrowAsync<StorageUnavailableException>(
            () => unavailable.Customers.SearchAsync(new IndexSearch(node, SearchFilter.None, 1), null, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        if (open is null)
            return;
        await open.DisposeAsync();
        await (await elasticsearch.ServerAsync()).ForgetAsync(prefix!);
        open = null;
    }

    private static ComposedSearch Composed(Uri url, string prefix) =>
        new(
            KeyValuePair.Create("Search:Store", (string?)"Elasticsearch"),
            KeyValuePair.Create("Elasticsearch:Url", (string?)url.ToString()),
            KeyValuePair.Create("Elasticsearch:Prefix", (string?)prefix));
}
