using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Application;

/// <summary>One customer.</summary>
internal sealed record GetCustomer(Guid CustomerId) : IQuery<CustomerView>;

internal sealed class GetCustomerHandler(ICustomerQueries customers) : IQueryHandler<GetCustomer, CustomerView>
{
    public async Task<Result<CustomerView>> Handle(GetCustomer query, CancellationToken cancellation) =>
        await customers.Find(query.CustomerId, cancellation) is { } customer ? customer : CustomerErrors.NotFound(query.CustomerId);
}
