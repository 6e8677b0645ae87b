using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>The write side of Orders.</summary>
internal sealed class OrdersDbContext(DbContextOptions<OrdersDbContext> options) : ModuleDbContext(options, SchemaName)
{
    public const string SchemaName = "orders";

    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.ApplyConfiguration(new OrderMapping());
    }
}

/// <summary>How an order's state is kept.</summary>
internal sealed class OrderMapping : IEntityTypeConfiguration<Order>
{
    /// <summary>The rule that an inactive customer places no orders, as the database holds it.</summary>
    public const string CustomerGuard = "orders_of_active_customers";

    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.ToTable("orders", table => table.HasCheckConstraint(
            "ck_orders_status",
            $"status in ('{OrderStatus.Placed}', '{OrderStatus.Paid}', '{OrderStatus.Shipped}', '{OrderStatus.Cancelled}')"));
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

/// <summary>How an order's items are kept in their column.</summary>
[JsonSerializable(typeof(IReadOnlyList<OrderItem>))]
internal sealed partial class OrderItemsJson : JsonSerializerContext
{
    private static OrderItemsJson Column { get; } =
        new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = PlainTextEncoder.Instance });

    public static string Write(IReadOnlyList<OrderItem> items) => JsonSerializer.Serialize(items, Column.IReadOnlyListOrderItem);

    public static IReadOnlyList<OrderItem> Read(string json) => JsonSerializer.Deserialize(json, Column.IReadOnlyListOrderItem)!;
}

/// <summary>Creates the context for dotnet-ef, which compares models and opens no connection.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<OrdersDbContext>
{
    public OrdersDbContext CreateDbContext(string[] args) =>
        new(ModuleDbContextOptions.AtDesignTime<OrdersDbContext>(OrdersDbContext.SchemaName));
}
