namespace Monolith.Modules.Orders.Application;

/// <summary>An order that was still <c>placed</c>, at the version at which it was.</summary>
internal readonly record struct PlacedOrder(Guid Id, long Version);
