using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Orders.Contracts;

/// <summary>Where an order goes.</summary>
/// <param name="Street">Street and number.</param>
/// <param name="PostalCode">Postal code; empty where there is none.</param>
/// <param name="City">City.</param>
/// <param name="Country">ISO 3166 alpha-2 code.</param>
public sealed record DeliveryAddress([Personal] string Street, [Personal] string PostalCode, [Personal] string City, string Country);
