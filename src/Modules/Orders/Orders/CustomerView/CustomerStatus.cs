namespace Monolith.Modules.Orders.CustomerView;

/// <summary>Whether a customer may place orders, in the words of Orders' own view.</summary>
internal static class CustomerStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
}
