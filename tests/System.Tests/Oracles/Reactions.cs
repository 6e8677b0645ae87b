namespace Monolith.System.Tests.Oracles;

/// <summary>
/// What reactors did, by the logs alone: each cancellation follows from a deactivation of the order's customer, once an order, and never of
/// one that was paid.
/// </summary>
internal static class Reactions
{
    /// <summary>The reactor of Orders, as it stands on its events.</summary>
    public const string Actor = "reactor:orders.cancel-orders-of-deactivated";

    public static void ShouldFollow(WrittenLog customers, WrittenLog orders)
    {
        var causes = customers.Events.Where(logged => logged.Type == "customer.deactivated.v1").ToDictionary(logged => logged.Id);
        foreach (var reaction in Of(orders))
        {
            var what = $"order {reaction.Stream} version {reaction.Version}";
            reaction.Type.ShouldBe("order.cancelled.v1", what);
            reaction.Fields().GetProperty("wasPaid").GetBoolean().ShouldBeFalse(what);
            var cause = causes[reaction.Causation.ShouldNotBeNull(what)];
            cause.Stream.ShouldBe(reaction.Fields().GetProperty("customerId").GetGuid(), what);
            reaction.Correlation.ShouldBe(cause.Correlation, what);
        }

        Of(orders).Select(reaction => reaction.Stream).ShouldBeUnique();
    }

    /// <summary>Customers that are inactive have no order that is still placed.</summary>
    public static void ShouldBeComplete(WrittenLog customers, WrittenLog orders)
    {
        var known = CustomerState.Fold(customers.Events);
        OrderState.Fold(orders.Events).Values.Where(order => order.Status == "placed" && known[order.Customer].Status == "inactive")
            .ShouldBeEmpty();
    }

    public static LoggedEvent[] Of(WrittenLog log) => [.. log.Events.Where(logged => logged.Actor == Actor)];
}
