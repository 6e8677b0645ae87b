using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.Modules.Customers.Contracts;

/// <summary>How the events of Customers are read and written.</summary>
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
