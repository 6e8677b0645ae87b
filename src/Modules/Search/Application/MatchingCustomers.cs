using Monolith.Modules.Search.CustomerIndex;
using Monolith.Modules.Search.OrderIndex;
using Monolith.Modules.Search.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>
/// The customers that a query for orders may mean. Each part of the query is found in an order's own words or in its customer's; documents of orders hold the customer's id alone, so a renamed customer's
/// orders need no change.
/// </summary>
internal sealed class MatchingCustomers(IReadOnlyList<Hit<CustomerRow>> customers, SearchText text)
{
    /// <summary>How many customers one query for orders looks at: those that match it best.</summary>
    public const int Most = 10_000;

    private readonly Lazy<(string Id, IReadOnlyDictionary<string, string> Fields)[]> documents =
        new(() => [.. customers.Select(hit => (hit.Row.Id.ToString(), CustomerFields.Text.Of(hit.Row)))]);

    /// <summary>Those that have any part of the query, best first.</summary>
    public static IndexSearch SearchFor(SearchText text) =>
        new(new SearchNode.Some([.. text.Parts.Select(part => part.In(CustomerFields.Search))]), SearchFilter.None, Most);

    /// <summary>How orders are found.</summary>
    public SearchNode OrdersNode() => new SearchNode.All([.. text.Parts.Select(Node)]);

    private SearchNode Node(QueryPart part)
    {
        var own = part is QueryPart.Compound compound ? new SearchNode.All([.. compound.Parts.Select(Node)]) : part.In(OrderFields.Search);
        var placedBy = Scored(part).GroupBy(customer => customer.Score, customer => customer.Id)
            .Select(group => new SearchNode.OneOf(OrderFields.Customer, [.. group], group.Key));
        return new SearchNode.Best([own, .. placedBy]);
    }

    // What the store found by one part alone, it has scored by it alone.
    private IEnumerable<(string Id, int Score)> Scored(QueryPart part) => text.Parts is [var only] && only == part
        ? customers.Select(hit => (hit.Row.Id.ToString(), hit.Score))
        : from document in documents.Value
          let score = NodeScore.Of(part.In(CustomerFields.Search), document.Fields)
          where score is not null
          select (document.Id, score.Value);
}
