using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Orders.Domain;

/// <summary>An order of a customer: placed, then paid, then shipped. It can be cancelled until it is shipped.</summary>
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

    public static Result<Order> Place(
        Guid customerId, Currency currency, Address deliveryAddress, IReadOnlyList<OrderItem> items, DateTimeOffset now)
    {
        if (PlaceRefusal(customerId, currency, deliveryAddress, items) is { } refusal)
            return refusal;

        var order = new Order
        {
            Id = Guid.CreateVersion7(now),
            CustomerId = customerId,
            Currency = currency.Code,
            DeliveryAddress = deliveryAddress.Trimmed(),
            Items = [.. items.Select(item => item.In(currency))],
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
        if (new FieldFaults().Check("reference", reference, OrderRules.Reference).Refusal is { } refusal)
            return refusal;

        Status = OrderStatus.Paid;
        Raise(new OrderPaid(Id, CustomerId, Currency, Total, reference.Trim()), now);
        return null;
    }

    public Error? Ship(string carrier, string trackingNumber, DateTimeOffset now)
    {
        if (Status != OrderStatus.Paid)
            return OrderErrors.Status("shipped", Status);
        var faults = new FieldFaults()
            .Check("carrier", carrier, OrderRules.Reference)
            .Check("trackingNumber", trackingNumber, OrderRules.Reference);
        if (faults.Refusal is { } refusal)
            return refusal;

        Status = OrderStatus.Shipped;
        Raise(new OrderShipped(Id, CustomerId, carrier.Trim(), trackingNumber.Trim()), now);
        return null;
    }

    public Error? Cancel(string reason, DateTimeOffset now)
    {
        if (Status is not (OrderStatus.Placed or OrderStatus.Paid))
            return OrderErrors.Status("cancelled", Status);
        if (new FieldFaults().Check("reason", reason, OrderRules.Reason).Refusal is { } refusal)
            return refusal;

        var wasPaid = Status == OrderStatus.Paid;
        Status = OrderStatus.Cancelled;
        Raise(new OrderCancelled(Id, CustomerId, Currency, Total, wasPaid, reason.Trim()), now);
        return null;
    }

    private static Error? PlaceRefusal(Guid customerId, Currency currency, Address deliveryAddress, IReadOnlyList<OrderItem> items)
    {
        var faults = new FieldFaults().Check("customerId", customerId, OrderRules.CustomerId).Check("items", items, OrderRules.Items);
        deliveryAddress.Check(faults, "deliveryAddress");
        for (var i = 0; i < items.Count; i++)
            items[i].Check(faults, $"items[{i}]", currency);
        return faults.Refusal;
    }

    private OrderPlaced Placed() => new(
        Id,
        CustomerId,
        Currency,
        Total,
        new DeliveryAddress(DeliveryAddress.Street, DeliveryAddress.PostalCode, DeliveryAddress.City, DeliveryAddress.Country),
        [.. Items.Select(item => new OrderLine(item.ProductId, item.Name, item.Quantity, item.UnitPrice))]);
}

/// <summary>How far an order is: placed, paid, shipped; or cancelled before it was shipped.</summary>
internal static class OrderStatus
{
    public const string Placed = "placed";
    public const string Paid = "paid";
    public const string Shipped = "shipped";
    public const string Cancelled = "cancelled";

    public static IReadOnlyCollection<string> All { get; } = [Placed, Paid, Shipped, Cancelled];
}

/// <summary>The refusals of Orders.</summary>
internal static class OrderErrors
{
    public static Error NotFound(Guid id) => new(ErrorKind.NotFound, "order-not-found", "No such order", $"There is no order {id}.");

    public static Error NoSummary(Guid customerId) => new(
        ErrorKind.NotFound, "customer-not-found", "No such customer", $"Orders knows no customer {customerId}.");

    public static Error Status(string step, string status) => new(
        ErrorKind.Conflict, "order-status", "Not possible in this status", $"The order is {status}, so it cannot be {step}.");

    public static Error CustomerUnknown(Guid customerId) => new(
        ErrorKind.Unprocessable, "customer-unknown", "Customer unknown",
        $"Orders knows no customer {customerId}. One that has just registered is known in a moment.");

    public static Error CustomerInactive(Guid customerId) => new(
        ErrorKind.Unprocessable, "customer-inactive", "Customer inactive",
        $"The customer {customerId} is inactive, and places no new orders.");
}
