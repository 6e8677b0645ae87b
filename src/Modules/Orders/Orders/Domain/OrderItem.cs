using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.Modules.Orders.Domain;

/// <summary>One line of an order; the price is in the order's currency, with exactly its minor digits.</summary>
internal sealed record OrderItem(string ProductId, string Name, int Quantity, decimal UnitPrice)
{
    /// <summary>The item with trimmed texts and the price in the digits of the currency.</summary>
    public OrderItem In(Currency currency) => new(ProductId.Trim(), Name.Trim(), Quantity, currency.Express(UnitPrice));

    public void Check(FieldFaults faults, string field, Currency currency)
    {
        faults.Add($"{field}.productId", OrderRules.ProductId.Fault(ProductId));
        faults.Add($"{field}.name", OrderRules.ItemName.Fault(Name));
        faults.Add($"{field}.quantity", OrderRules.Quantity.Fault(Quantity));
        faults.Add($"{field}.unitPrice", OrderRules.UnitPrice.Fault(UnitPrice) ?? currency.Fault(UnitPrice));
    }
}
