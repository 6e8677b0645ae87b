namespace Monolith.System.Tests.Verification;

/// <summary>
/// The effects of reactors, from the logs only: each cancellation follows a deactivation of the order's customer, once per order, never for
/// a paid order.
/// </summary>
internal static class Reactions
{
    /// <summary>The actor of events that the reactor of Orders appends.</summary>
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

    /// <summary>Inactive customers have no placed orders.</summary>
    public static void ShouldBeComplete(WrittenLog customers, WrittenLog orders)
    {
        var known = CustomerState.Fold(customers.Events);
        OrderState.Fold(orders.Events).Values.Where(order => order.Status == "placed" && known[order.Customer].Status == "inactive")
            .ShouldBeEmpty();
    }

    public static LoggedEvent[] Of(WrittenLog log) => [.. log.Events.Where(logged => logged.Actor == Actor)];
}
