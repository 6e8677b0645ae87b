using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Application;

/// <summary>Customers by the time of their registration, oldest first, then by id: a page of all, or the one with a username.</summary>
internal sealed record ListCustomers(int Limit, ListCursor? After, string? Username) : IQuery<Page<CustomerView>>;

internal sealed class ListCustomersValidator : AbstractValidator<ListCustomers>
{
    public ListCustomersValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Username).Follows(CustomerRules.Username).When(q => q.Username is not null);
    }
}

internal sealed class ListCustomersHandler(ICustomerQueries customers) : IQueryHandler<ListCustomers, Page<CustomerView>>
{
    public async Task<Result<Page<CustomerView>>> Handle(ListCustomers query, CancellationToken cancellation) =>
        await customers.List(query, cancellation);
}
