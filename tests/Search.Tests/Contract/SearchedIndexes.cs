using Monolith.Modules.Search.Application;

namespace Monolith.Search.Tests.Contract;

/// <summary>The two indexes of one store.</summary>
internal sealed record SearchedIndexes(ISearchIndex<CustomerRow> Customers, ISearchIndex<OrderRow> Orders)
{
    public static SearchedIndexes Reference(IReadOnlyCollection<CustomerRow> customers, IReadOnlyCollection<OrderRow> orders) =>
        new(ReferenceIndex.Of(customers), ReferenceIndex.Of(orders));

    /// <summary>A page of ids with their scores, through the use cases.</summary>
    public async Task<(IReadOnlyList<(Guid Id, int Score)> Hits, long Total, SearchCursor? Next)> SearchAsync(
        ExpectedQuery query, int limit = 200, SearchCursor? after = null)
    {
        var (q, filter) = (query.Text, query.Filter);
        if (query.IsOfCustomers)
        {
            var search = new SearchCustomers(q, limit, after, filter.Status, filter.From, filter.To, null);
            var page = (await new SearchCustomersHandler(Customers).Handle(search, CancellationToken.None)).Value;
            return ([.. page.Items.Select(hit => (hit.Id, hit.Score))], page.Total, page.Next);
        }
        else
        {
            var search = new SearchOrders(q, limit, after, filter.Status, filter.From, filter.To, null);
            var page = (await new SearchOrdersHandler(Orders, Customers).Handle(search, CancellationToken.None)).Value;
            return ([.. page.Items.Select(hit => (hit.Id, hit.Score))], page.Total, page.Next);
        }
    }
}
