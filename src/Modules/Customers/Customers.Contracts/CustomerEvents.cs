using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.Modules.Customers.Contracts;

/// <summary>Something that happened to a customer.</summary>
public interface ICustomerEvent : IEvent
{
    /// <summary>The customer, whose id is also the id of the stream.</summary>
    Guid CustomerId { get; }
}

/// <summary>An active customer became inactive: it places no new orders.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Reason">The reason, as entered by the user.</param>
[EventType("customer.deactivated.v1")]
public sealed record CustomerDeactivated(Guid CustomerId, [Personal] string Reason) : ICustomerEvent;

/// <summary>A customer has another e-mail address.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Email">The address from now on.</param>
[EventType("customer.email-changed.v1")]
public sealed record CustomerEmailChanged(Guid CustomerId, [Personal] string Email) : ICustomerEvent;

/// <summary>An inactive customer became active again.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Reason">The reason, as entered by the user.</param>
[EventType("customer.reactivated.v1")]
public sealed record CustomerReactivated(Guid CustomerId, [Personal] string Reason) : ICustomerEvent;

/// <summary>A customer registered, and is active.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Username">The unique name, in lower case; it never changes.</param>
/// <param name="FirstName">First name.</param>
/// <param name="LastName">Last name.</param>
/// <param name="Email">E-mail address.</param>
[EventType("customer.registered.v1")]
public sealed record CustomerRegistered(
    Guid CustomerId,
    [Personal] string Username,
    [Personal] string FirstName,
    [Personal] string LastName,
    [Personal] string Email) : ICustomerEvent;

/// <summary>A customer has another name. Both parts are given, also where only one of them changed.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="FirstName">First name from now on.</param>
/// <param name="LastName">Last name from now on.</param>
[EventType("customer.renamed.v1")]
public sealed record CustomerRenamed(Guid CustomerId, [Personal] string FirstName, [Personal] string LastName) : ICustomerEvent;

/// <summary>The topic of Customers.</summary>
public static class CustomersTopic
{
    /// <summary>The name of the module's log and of the topic that mirrors it.</summary>
    public const string Name = "customers.events";
}

/// <summary>Reads and writes the events of Customers.</summary>
[JsonSerializable(typeof(CustomerRegistered))]
[JsonSerializable(typeof(CustomerRenamed))]
[JsonSerializable(typeof(CustomerEmailChanged))]
[JsonSerializable(typeof(CustomerDeactivated))]
[JsonSerializable(typeof(CustomerReactivated))]
public sealed partial class CustomersJson : JsonSerializerContext
{
    /// <summary>The context to use: an attribute cannot name an encoder, so the generated <c>Default</c> writes other bytes.</summary>
    public static CustomersJson Contracts { get; } = new(EventJson.NewOptions());
}
