namespace Monolith.Modules.Orders.Application;

/// <summary>The customers that Orders knows, by its own view of them; the Customers module is never asked.</summary>
internal interface ICustomerDirectory
{
    /// <summary>The customer; with nothing but its id where it is not known.</summary>
    Task<OrderCustomer> Find(Guid customerId, CancellationToken cancellation);
}
