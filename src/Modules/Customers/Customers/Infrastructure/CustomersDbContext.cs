using Microsoft.EntityFrameworkCore;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Infrastructure;

/// <summary>The write side of Customers.</summary>
internal sealed class CustomersDbContext(DbContextOptions<CustomersDbContext> options) : ModuleDbContext(options, SchemaName)
{
    public const string SchemaName = "customers";

    public DbSet<Customer> Customers => Set<Customer>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.ApplyConfiguration(new CustomerMapping());
    }
}
