using System.ComponentModel.DataAnnotations;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>Finds customers by words of their names, usernames and e-mail addresses.</summary>
internal sealed record SearchCustomers(
    string? Q, int Limit, SearchCursor? After, string? Status, DateTimeOffset? From, DateTimeOffset? To, string? Snapshot)
    : IQuery<SearchPage<CustomerHit>>;

internal sealed record CustomerHit(
    Guid Id,
    int Score,
    Highlights Highlights,
    string Username,
    string FirstName,
    string LastName,
    string Email,
    [property: AllowedValues(CustomerStatus.Active, CustomerStatus.Inactive)] string Status,
    DateTimeOffset RegisteredAt);

internal sealed class SearchCustomersValidator : AbstractValidator<SearchCustomers>
{
    public SearchCustomersValidator()
    {
        RuleFor(q => q.Q).IsQueryText();
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Status).OneOf(CustomerStatus.All);
    }
}

internal sealed class SearchCustomersHandler(ISearchIndex<CustomerRow> customers) : IQueryHandler<SearchCustomers, SearchPage<CustomerHit>>
{
    public async Task<Result<SearchPage<CustomerHit>>> Handle(SearchCustomers query, CancellationToken cancellation)
    {
        var text = QueryText.Parse(query.Q!);
        var filter = new SearchFilter(query.Status, query.From, query.To);
        var search = new IndexSearch(text.In(CustomerFields.Search), filter, query.Limit + 1, query.After);
        if (!(await customers.SearchAsync(search, query.Snapshot, cancellation)).TryGet(out var found, out var error))
            return error;
        return SearchPage<CustomerHit>.Of(found, query.Limit, row => row.Id, hit => Show(hit, text));
    }

    private static CustomerHit Show(Hit<CustomerRow> hit, QueryText text)
    {
        var row = hit.Row;
        var highlights = new Highlights()
            .With("username", text, row.Username)
            .With("firstName", text, row.FirstName)
            .With("lastName", text, row.LastName)
            .With("email", text, row.Email);
        return new CustomerHit(
            row.Id, hit.Score, highlights, row.Username, row.FirstName, row.LastName, row.Email, row.Status, row.RegisteredAt);
    }
}
