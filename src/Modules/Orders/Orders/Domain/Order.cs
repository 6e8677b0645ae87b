using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Orders.Domain;

/// <summary>What a customer ordered: placed, then paid, then shipped; it can be cancelled until it is shipped.</summary>
internal sealed class Order : AggregateRoot
{
    private Order()
    {
    }

    public Guid CustomerId { get; private set; }

    public string Status { get; private set; } = OrderStatus.Placed;

    public string Currency { get; private set; } = "";

    public decimal Total { get; private set; }

    public Address DeliveryAddress { get; private set; } = null!;

    public IReadOnlyList<OrderItem> Items { get; private set; } = [];

    public DateTimeOffset PlacedAt { get; private set; }

    public static Order Place(Guid customerId, Currency currency, Address deliveryAddress, IEnumerable<OrderItem> items, DateTimeOffset now)
    {
        var order = new Order
        {
            Id = Guid.CreateVersion7(now),
            CustomerId = customerId,
            Currency = currency.Code,
            DeliveryAddress = deliveryAddress.Trimmed(),
            Items = [.. items.Select(item => new OrderItem(item.ProductId.Trim(), item.Name.Trim(), item.Quantity, currency.Express(item.UnitPrice)))],
        };
        order.Total = currency.Express(order.Items.Sum(item => item.Quantity * item.UnitPrice));
        order.Raise(order.Placed(), now);
        order.PlacedAt = order.ChangedAt;
        return order;
    }

    public Error? Pay(string reference, DateTimeOffset now)
    {
        if (Status != OrderStatus.Placed)
            return OrderErrors.Status("paid", Status);

        Status = OrderStatus.Paid;
        Raise(new OrderPaid(Id, CustomerId, Currency, Total, reference.Trim()), now);
        return null;
    }

    public Error? Ship(string carrier, string trackingNumber, DateTimeOffset now)
    {
        if (Status != OrderStatus.Paid)
            return OrderErrors.Status("shipped", Status);

        Status = OrderStatus.Shipped;
        Raise(new OrderShipped(Id, CustomerId, carrier.Trim(), trackingNumber.Trim()), now);
        return null;
    }

    public Error? Cancel(string reason, DateTimeOffset now)
    {
        if (Status is not (OrderStatus.Placed or OrderStatus.Paid))
            return OrderErrors.Status("cancelled", Status);

        var wasPaid = Status == OrderStatus.Paid;
        Status = OrderStatus.Cancelled;
        Raise(new OrderCancelled(Id, CustomerId, Currency, Total, wasPaid, reason.Trim()), now);
        return null;
    }

    private OrderPlaced Placed() => new(
        Id,
        CustomerId,
        Currency,
        Total,
        new DeliveryAddress(DeliveryAddress.Street, DeliveryAddress.PostalCode, DeliveryAddress.City, DeliveryAddress.Country),
        [.. Items.Select(item => new OrderLine(item.ProductId, item.Name, item.Quantity, item.UnitPrice))]);
}
