using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Orders.Domain;

/// <summary>Why Orders refuses.</summary>
internal static class OrderErrors
{
    public static Error NotFound(Guid id) => new(ErrorKind.NotFound, "order-not-found", "No such order", $"There is no order {id}.");

    public static Error NoSummary(Guid customerId) => new(
        ErrorKind.NotFound, "customer-not-found", "No such customer", $"Orders knows no customer {customerId}.");

    public static Error Status(string step, string status) => new(
        ErrorKind.Conflict, "order-status", "Not possible in this status", $"The order is {status}, so it cannot be {step}.");

    public static Error CustomerUnknown(Guid customerId) => new(
        ErrorKind.Unprocessable, "customer-unknown", "Customer unknown", $"Orders knows no customer {customerId}. One that has just registered is known in a moment.");

    public static Error CustomerInactive(Guid customerId) => new(
        ErrorKind.Unprocessable, "customer-inactive", "Customer inactive", $"The customer {customerId} is inactive, and places no new orders.");
}
