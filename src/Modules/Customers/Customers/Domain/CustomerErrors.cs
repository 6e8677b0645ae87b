using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Customers.Domain;

/// <summary>Why Customers refuses.</summary>
internal static class CustomerErrors
{
    public static Error NotFound(Guid id) => new(ErrorKind.NotFound, "customer-not-found", "No such customer", $"There is no customer {id}.");

    public static Error UsernameTaken(string username) => new(
        ErrorKind.Conflict, "username-taken", "Username taken", $"Another customer has the username {Customer.Normalize(username)}. Choose another one.");
}
