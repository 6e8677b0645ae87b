namespace Monolith.Modules.Customers.Contracts;

/// <summary>Where the events of Customers are.</summary>
public static class CustomersTopic
{
    /// <summary>The name of the module's log and of the topic that mirrors it.</summary>
    public const string Name = "customers.events";
}
