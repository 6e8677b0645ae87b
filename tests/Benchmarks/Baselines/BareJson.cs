using System.Text.Json.Serialization;

namespace Monolith.Benchmarks.Baselines;

/// <summary>The JSON contracts of the bare shop: requests, responses and events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RegisterBody))]
[JsonSerializable(typeof(ChangeBody))]
[JsonSerializable(typeof(PlaceBody))]
[JsonSerializable(typeof(PayBody))]
[JsonSerializable(typeof(CustomerAnswer))]
[JsonSerializable(typeof(OrderAnswer))]
[JsonSerializable(typeof(Line[]))]
[JsonSerializable(typeof(Registered))]
[JsonSerializable(typeof(Renamed))]
[JsonSerializable(typeof(Placed))]
[JsonSerializable(typeof(Paid))]
internal sealed partial class BareJson : JsonSerializerContext;

internal sealed record RegisterBody(string Username, string FirstName, string LastName, string Email);

internal sealed record ChangeBody(string LastName);

internal sealed record PlaceBody(Guid CustomerId, string Currency, DeliveryPlace DeliveryAddress, Line[] Items);

internal sealed record PayBody(string Reference);

internal sealed record DeliveryPlace(string Street, string PostalCode, string City, string Country);

internal sealed record Line(string ProductId, string Name, int Quantity, decimal UnitPrice);

internal sealed record CustomerAnswer(
    Guid Id, string Username, string FirstName, string LastName, string Email, string Status, long Version, DateTimeOffset RegisteredAt,
    DateTimeOffset ChangedAt);

internal sealed record OrderAnswer(
    Guid Id, string Status, Buyer Customer, string Currency, decimal Total, DeliveryPlace DeliveryAddress, Line[] Items,
    DateTimeOffset PlacedAt, DateTimeOffset ChangedAt, long Version);

internal sealed record Buyer(Guid Id, string Username, string Name, string Status);

internal sealed record Registered(Guid CustomerId, string Username, string FirstName, string LastName, string Email);

internal sealed record Renamed(Guid CustomerId, string FirstName, string LastName);

internal sealed record Placed(Guid OrderId, Guid CustomerId, string Currency, decimal Amount, DeliveryPlace DeliveryAddress, Line[] Items);

internal sealed record Paid(Guid OrderId, Guid CustomerId, string Currency, decimal Amount, string Reference);
