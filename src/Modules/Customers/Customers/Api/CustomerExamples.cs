using Monolith.Modules.Customers.Application;

namespace Monolith.Modules.Customers.Api;

/// <summary>What callers may send, one example a use case; shown in the documentation, and sent by a test.</summary>
internal static class CustomerExamples
{
    public static Guid Id { get; } = Guid.Parse("0198a8a0-0000-7000-8000-000000000001");

    public static RegisterCustomer Register { get; } = new("ada", "Ada", "Lovelace", "ada@example.org");

    public static ChangeCustomer Change { get; } = new("Ada", "King", "ada.king@example.org");

    public static DeactivateCustomer Deactivate { get; } = new("asked for it by telephone");

    public static ReactivateCustomer Reactivate { get; } = new("is back");
}
