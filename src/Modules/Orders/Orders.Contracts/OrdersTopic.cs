namespace Monolith.Modules.Orders.Contracts;

/// <summary>Where the events of Orders are.</summary>
public static class OrdersTopic
{
    /// <summary>The name of the module's log and of the topic that mirrors it.</summary>
    public const string Name = "orders.events";
}
