using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Stock.Contracts;

namespace Monolith.Modules.Stock.Domain;

/// <summary>An item of the assortment, and how many of it are in stock.</summary>
internal sealed class Item : AggregateRoot
{
    private const int MostInStock = 1_000_000;

    private Item()
    {
    }

    public string Name { get; private set; } = "";

    public int InStock { get; private set; }

    public static Item Add(string name, DateTimeOffset now)
    {
        var item = new Item { Id = Guid.CreateVersion7(now), Name = name.Trim() };
        item.Raise(new ItemAdded(item.Id, item.Name), now);
        return item;
    }

    public Error? Receive(int quantity, DateTimeOffset now)
    {
        if (quantity > MostInStock - InStock)
            return ItemErrors.StockFull(InStock);

        InStock += quantity;
        Raise(new ItemReceived(Id, quantity, InStock), now);
        return null;
    }
}

internal static class ItemErrors
{
    public static Error NotFound(Guid id) => new(ErrorKind.NotFound, "item-not-found", "Item not found", $"There is no item {id}.");

    public static Error StockFull(int inStock) => new(
        ErrorKind.Conflict, "stock-full", "Stock full", $"There are {inStock} pieces in stock. The delivery does not fit.");
}
