namespace Monolith.Modules.Customers.Domain;

/// <summary>Whether a customer may place new orders.</summary>
internal static class CustomerStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
}
