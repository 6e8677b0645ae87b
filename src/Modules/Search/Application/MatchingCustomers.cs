using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>
/// Joins the two indexes for a query for orders: each part of the query may match the order or its customer. Documents of orders hold only
/// the customer's id, so renaming a customer does not change them.
/// </summary>
internal sealed class MatchingCustomers(IReadOnlyList<Hit<CustomerRow>> customers, QueryText text)
{
    /// <summary>The maximum number of customers, best first, that one query for orders considers.</summary>
    public const int Limit = 10_000;

    private readonly Lazy<(string Id, IReadOnlyDictionary<string, string> Fields)[]> documents =
        new(() => [.. customers.Select(hit => (hit.Row.Id.ToString(), CustomerFields.Text.Of(hit.Row)))]);

    /// <summary>Finds the customers that match any part of the query.</summary>
    public static IndexSearch SearchFor(QueryText text) =>
        new(new SearchNode.Should([.. text.Parts.Select(part => part.In(CustomerFields.Search))]), SearchFilter.None, Limit);

    /// <summary>The query for orders.</summary>
    public SearchNode OrdersNode() => new SearchNode.Must([.. text.Parts.Select(Node)]);

    private SearchNode Node(QueryPart part)
    {
        var own = part is QueryPart.Compound compound
            ? new SearchNode.Must([.. compound.Parts.Select(Node)])
            : part.In(OrderFields.Search);
        var placedBy = Scored(part).GroupBy(customer => customer.Score, customer => customer.Id)
            .Select(group => new SearchNode.Terms(OrderFields.Customer, [.. group], group.Key));
        return new SearchNode.DisMax([own, .. placedBy]);
    }

    // For a query of one part, the scores of the store are the scores of that part.
    private IEnumerable<(string Id, int Score)> Scored(QueryPart part) => text.Parts is [var only] && only == part
        ? customers.Select(hit => (hit.Row.Id.ToString(), hit.Score))
        : from document in documents.Value
          let score = NodeScore.Of(part.In(CustomerFields.Search), document.Fields)
          where score is not null
          select (document.Id, score.Value);
}
