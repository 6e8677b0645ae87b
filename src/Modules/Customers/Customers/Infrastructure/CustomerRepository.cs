using Microsoft.EntityFrameworkCore;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Application;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Infrastructure;

/// <summary>Loads customers for commands, and keeps the new ones for the commit.</summary>
internal sealed class CustomerRepository(CustomersDbContext context) : ICustomers
{
    private static readonly Func<CustomersDbContext, Guid, CancellationToken, Task<Customer?>> ById = EF.CompileAsyncQuery(
        (CustomersDbContext context, Guid id, CancellationToken _) => context.Customers.FirstOrDefault(customer => customer.Id == id));

    private static readonly Func<CustomersDbContext, string, CancellationToken, Task<bool>> AnyWithUsername = EF.CompileAsyncQuery(
        (CustomersDbContext context, string username, CancellationToken _) =>
            context.Customers.Any(customer => customer.Username == username));

    public async Task<Result<Customer>> Load(Guid id, long? expectedVersion, CancellationToken cancellation)
    {
        var customer = await ById(context, id, cancellation);
        if (customer is null)
            return CustomerErrors.NotFound(id);
        return expectedVersion is { } expected && expected != customer.Version ? RequestErrors.Stale(expected) : customer;
    }

    public Task<bool> HasUsername(string username, CancellationToken cancellation) =>
        AnyWithUsername(context, Customer.Normalize(username), cancellation);

    public void Add(Customer customer) => context.Customers.Add(customer);
}
