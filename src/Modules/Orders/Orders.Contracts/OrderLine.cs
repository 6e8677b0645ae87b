namespace Monolith.Modules.Orders.Contracts;

/// <summary>One line of an order.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">Its name when it was ordered.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one, in the order's currency.</param>
public sealed record OrderLine(string ProductId, string Name, int Quantity, decimal UnitPrice);
