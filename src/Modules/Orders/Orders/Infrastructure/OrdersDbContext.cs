using Microsoft.EntityFrameworkCore;
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
