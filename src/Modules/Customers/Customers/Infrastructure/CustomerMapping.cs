using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Infrastructure;

/// <summary>How a customer's state is kept.</summary>
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
