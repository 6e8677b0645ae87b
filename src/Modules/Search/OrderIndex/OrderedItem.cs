namespace Monolith.Modules.Search.OrderIndex;

/// <summary>An item of an order, as search shows it.</summary>
internal sealed record OrderedItem(string ProductId, string Name, int Quantity);
