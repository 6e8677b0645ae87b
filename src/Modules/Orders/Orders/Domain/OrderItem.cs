namespace Monolith.Modules.Orders.Domain;

/// <summary>One line of an order; the price is in the order's currency, with exactly its minor digits.</summary>
internal sealed record OrderItem(string ProductId, string Name, int Quantity, decimal UnitPrice);
