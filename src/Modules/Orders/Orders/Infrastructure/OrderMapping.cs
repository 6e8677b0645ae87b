using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>How an order's state is kept.</summary>
internal sealed class OrderMapping : IEntityTypeConfiguration<Order>
{
    /// <summary>The rule that an inactive customer places no orders, as the database holds it.</summary>
    public const string CustomerGuard = "orders_of_active_customers";

    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.ToTable("orders", table => table.HasCheckConstraint(
            "ck_orders_status", $"status in ('{OrderStatus.Placed}', '{OrderStatus.Paid}', '{OrderStatus.Shipped}', '{OrderStatus.Cancelled}')"));
        builder.HasKey(order => order.Id);
        builder.Property(order => order.Id).ValueGeneratedNever();
        builder.Property(order => order.Version).IsConcurrencyToken();
        builder.ComplexProperty(order => order.DeliveryAddress);

        // One column written once: items never change, so a save compares the list by reference and tracks none of its rows.
        builder.Property(order => order.Items).HasColumnType("jsonb").HasConversion(
            items => OrderItemsJson.Write(items),
            json => OrderItemsJson.Read(json),
            new ValueComparer<IReadOnlyList<OrderItem>>((a, b) => ReferenceEquals(a, b), items => items.Count, items => items));

        builder.HasIndex(order => new { order.PlacedAt, order.Id });
        builder.HasIndex(order => new { order.CustomerId, order.PlacedAt, order.Id });
        builder.HasIndex(order => new { order.Status, order.PlacedAt, order.Id });
        builder.Ignore(order => order.RaisedEvents);
    }
}
