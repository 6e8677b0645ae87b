namespace Monolith.Modules.Orders.Application;

/// <summary>The names of the read models of Orders.</summary>
internal static class ReadModels
{
    public const string Customers = "orders.customers";

    public const string Summaries = "orders.summaries";
}
