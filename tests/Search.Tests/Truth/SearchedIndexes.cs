using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.CustomerIndex;
using Monolith.Modules.Search.OrderIndex;

namespace Monolith.Search.Tests.Truth;

/// <summary>The two indexes of one store.</summary>
internal sealed record SearchedIndexes(ISearchIndex<CustomerRow> Customers, ISearchIndex<OrderRow> Orders)
{
    public static SearchedIndexes InMemory(IReadOnlyCollection<CustomerRow> customers, IReadOnlyCollection<OrderRow> orders) => new(MemoryIndex.Of(customers), MemoryIndex.Of(orders));

    /// <summary>A page of ids with their scores, through the use cases.</summary>
    public async Task<(IReadOnlyList<(Guid Id, int Score)> Hits, long Total, SearchPlace? Next)> AskAsync(TruthQuery query, int limit = 200, SearchPlace? after = null)
    {
        var (q, filter) = (query.Text, query.Filter);
        if (query.IsOfCustomers)
        {
            var page = (await new SearchCustomersHandler(Customers).Handle(new SearchCustomers(q, limit, after, filter.Status, filter.From, filter.To, null), CancellationToken.None)).Value;
            return ([.. page.Items.Select(hit => (hit.Id, hit.Score))], page.Total, page.Next);
        }
        else
        {
            var page = (await new SearchOrdersHandler(Orders, Customers).Handle(new SearchOrders(q, limit, after, filter.Status, filter.From, filter.To, null), CancellationToken.None)).Value;
            return ([.. page.Items.Select(hit => (hit.Id, hit.Score))], page.Total, page.Next);
        }
    }
}
