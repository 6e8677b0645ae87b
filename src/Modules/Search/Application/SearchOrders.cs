using System.ComponentModel.DataAnnotations;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>
/// Finds orders by words of their items, address and status, and of their customers. With a snapshot, both indexes must have one of that
/// name.
/// </summary>
internal sealed record SearchOrders(
    string? Q, int Limit, SearchCursor? After, string? Status, DateTimeOffset? From, DateTimeOffset? To, string? Snapshot)
    : IQuery<SearchPage<OrderHit>>;

/// <summary>An order with its customer, which is null until the customer is indexed.</summary>
internal sealed record OrderHit(
    Guid Id,
    int Score,
    Highlights Highlights,
    Guid CustomerId,
    OrderingCustomer? Customer,
    [property: AllowedValues(OrderStatus.Placed, OrderStatus.Paid, OrderStatus.Shipped, OrderStatus.Cancelled)] string Status,
    string Currency,
    decimal Total,
    string City,
    string Country,
    IReadOnlyList<OrderedItem> Items,
    DateTimeOffset PlacedAt);

/// <summary>The customer of an order, with the current name.</summary>
internal sealed record OrderingCustomer(string Username, string FirstName, string LastName);

internal sealed class SearchOrdersValidator : AbstractValidator<SearchOrders>
{
    public SearchOrdersValidator()
    {
        RuleFor(q => q.Q).IsQueryText();
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Status).OneOf(OrderStatus.All);
    }
}

internal sealed class SearchOrdersHandler(ISearchIndex<OrderRow> orders, ISearchIndex<CustomerRow> customers)
    : IQueryHandler<SearchOrders, SearchPage<OrderHit>>
{
    public async Task<Result<SearchPage<OrderHit>>> Handle(SearchOrders query, CancellationToken cancellation)
    {
        var text = QueryText.Parse(query.Q!);
        var customerSearch = await customers.SearchAsync(MatchingCustomers.SearchFor(text), query.Snapshot, cancellation);
        if (!customerSearch.TryGet(out var matching, out var error))
            return error;
        var node = new MatchingCustomers(matching.Hits, text).OrdersNode();
        var search = new IndexSearch(node, new SearchFilter(query.Status, query.From, query.To), query.Limit + 1, query.After);
        if (!(await orders.SearchAsync(search, query.Snapshot, cancellation)).TryGet(out var found, out error))
            return error;
        Guid[] placedBy = [.. found.Hits.Select(hit => hit.Row.CustomerId).Distinct()];
        if (!(await customers.FindAsync(placedBy, query.Snapshot, cancellation)).TryGet(out var known, out error))
            return error;
        return SearchPage<OrderHit>.Of(
            found, query.Limit, row => row.Id, hit => Show(hit, known.GetValueOrDefault(hit.Row.CustomerId), text));
    }

    private static OrderHit Show(Hit<OrderRow> hit, CustomerRow? customer, QueryText text)
    {
        var row = hit.Row;
        var highlights = new Highlights()
            .With("items", text, row.Items.SelectMany(item => new[] { item.Name, item.ProductId }))
            .With("city", text, row.City)
            .With("country", text, row.Country)
            .With("status", text, row.Status);
        if (customer is not null)
            highlights.With("customer", text, customer.Username, $"{customer.FirstName} {customer.LastName}", customer.Email);
        var orderingCustomer = customer is null ? null : new OrderingCustomer(customer.Username, customer.FirstName, customer.LastName);
        return new OrderHit(
            row.Id, hit.Score, highlights, row.CustomerId, orderingCustomer,
            row.Status, row.Currency, row.Total, row.City, row.Country, row.Items, row.PlacedAt);
    }
}
