namespace Monolith.System.Tests.Rebuilds;

/// <summary>The projections of the host, by name.</summary>
internal static class Projections
{
    public const string Customers = "orders.customers";
    public const string Summaries = "orders.summaries";

    public static readonly string[] All = [Customers, Summaries];
}
