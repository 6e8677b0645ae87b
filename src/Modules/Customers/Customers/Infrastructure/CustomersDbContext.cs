using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
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

/// <summary>Maps a customer to its table.</summary>
internal sealed class CustomerMapping : IEntityTypeConfiguration<Customer>
{
    public const string UsernameIndex = "ux_customers_username";

    public void Configure(EntityTypeBuilder<Customer> builder)
    {
        builder.ToTable("customers", table => table.HasCheckConstraint(
            "ck_customers_status", $"status in ('{CustomerStatus.Active}', '{CustomerStatus.Inactive}')"));
        builder.HasKey(customer => customer.Id);
        builder.Property(customer => customer.Id).ValueGeneratedNever();
        builder.Property(customer => customer.Version).IsConcurrencyToken();
        builder.HasIndex(customer => customer.Username).IsUnique().HasDatabaseName(UsernameIndex);
        builder.HasIndex(customer => new { customer.RegisteredAt, customer.Id });
        builder.Ignore(customer => customer.RaisedEvents);
    }
}

/// <summary>Creates the context for dotnet-ef, which compares models and opens no connection.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<CustomersDbContext>
{
    public CustomersDbContext CreateDbContext(string[] args) =>
        new(ModuleDbContextOptions.AtDesignTime<CustomersDbContext>(CustomersDbContext.SchemaName));
}
