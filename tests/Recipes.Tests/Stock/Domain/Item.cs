using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Modules.Stock.Contracts;

namespace Monolith.Modules.Stock.Domain;

/// <summary>An item of the assortment, and how many of it are in stock.</summary>
internal sealed class Item : AggregateRoot
{
    private const int MaxInStock = 1_000_000;

    private Item()
    {
    }

    public string Name { get; private set; } = "";

    public int InStock { get; private set; }

    public static Result<Item> Add(string name, DateTimeOffset now)
    {
        if (new FieldFaults().Check("name", name, ItemRules.Name).Refusal is { } refusal)
            return refusal;

        var item = new Item { Id = Guid.CreateVersion7(now), Name = name.Trim() };
        item.Raise(new ItemAdded(item.Id, item.Name), now);
        return item;
    }

    public Error? Receive(int quantity, DateTimeOffset now)
    {
        if (new FieldFaults().Check("quantity", quantity, ItemRules.Quantity).Refusal is { } refusal)
            return refusal;
        if (quantity > MaxInStock - InStock)
            return ItemErrors.StockFull(InStock);

        InStock += quantity;
        Raise(new ItemReceived(Id, quantity, InStock), now);
        return null;
    }

    public Error? Rename(string name, DateTimeOffset now)
    {
        if (new FieldFaults().Check("name", name, ItemRules.Name).Refusal is { } refusal)
            return refusal;

        Name = name.Trim();
        Raise(new ItemRenamed(Id, Name), now);
        return null;
    }
}

/// <summary>The rules for the values of an item.</summary>
internal static class ItemRules
{
    public static FieldRule<string?> Name { get; } = TextRule.UpTo(100);

    public static FieldRule<int> Quantity { get; } = new(
        new FieldConstraint { IsRequired = true, Minimum = 1, Maximum = 10_000 },
        quantity => quantity is >= 1 and <= 10_000 ? null : "Must be from 1 to 10,000.");
}

/// <summary>The refusals of Stock.</summary>
internal static class ItemErrors
{
    public static Error NotFound(Guid id) => new(ErrorKind.NotFound, "item-not-found", "Item not found", $"There is no item {id}.");

    public static Error StockFull(int inStock) => new(
        ErrorKind.Conflict, "stock-full", "Stock full", $"There are {inStock} pieces in stock. The delivery does not fit.");
}
