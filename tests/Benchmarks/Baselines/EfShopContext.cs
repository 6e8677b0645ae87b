using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Monolith.Benchmarks.Baselines;

/// <summary>The EF Core model of the bare tables. Two logs with the same columns are two shared-type entities.</summary>
internal sealed class EfShopContext(DbContextOptions<EfShopContext> options) : DbContext(options)
{
    private const string EventsOfCustomers = "CustomerEvent";
    private const string EventsOfOrders = "OrderEvent";

    public DbSet<EfCustomer> Customers => Set<EfCustomer>();

    public DbSet<EfOrder> Orders => Set<EfOrder>();

    public DbSet<BareEvent> CustomerEvents => Set<BareEvent>(EventsOfCustomers);

    public DbSet<BareEvent> OrderEvents => Set<BareEvent>(EventsOfOrders);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<EfCustomer>(customer =>
        {
            customer.ToTable("customers", BareSchema.Customers);
            customer.Property(c => c.Id).ValueGeneratedNever();
            customer.Property(c => c.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<EfOrder>(order =>
        {
            order.ToTable("orders", BareSchema.Orders);
            order.Property(o => o.Id).ValueGeneratedNever();
            order.Property(o => o.Version).IsConcurrencyToken();
            order.Property(o => o.Items).HasColumnType("jsonb");
        });
        MapLog(modelBuilder, EventsOfCustomers, BareSchema.Customers);
        MapLog(modelBuilder, EventsOfOrders, BareSchema.Orders);
    }

    private static void MapLog(ModelBuilder modelBuilder, string entity, string schema) =>
        modelBuilder.SharedTypeEntity<BareEvent>(entity, row =>
    {
        row.ToTable("events", schema);
        row.HasKey(e => new { e.StreamId, e.StreamVersion });
        row.Property(e => e.Offset).ValueGeneratedOnAdd().Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        row.Property(e => e.Data).HasColumnType("json");
    });
}

internal sealed class EfCustomer
{
    public Guid Id { get; init; }

    public string Username { get; init; } = "";

    public string FirstName { get; init; } = "";

    public string LastName { get; set; } = "";

    public string Email { get; init; } = "";

    public string Status { get; init; } = "";

    public DateTimeOffset RegisteredAt { get; init; }

    public long Version { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

internal sealed class EfOrder
{
    public Guid Id { get; init; }

    public Guid CustomerId { get; init; }

    public string Status { get; set; } = "";

    public string Currency { get; init; } = "";

    public decimal Total { get; init; }

    public string Items { get; init; } = "";

    public DateTimeOffset PlacedAt { get; init; }

    public string City { get; init; } = "";

    public string Country { get; init; } = "";

    public string PostalCode { get; init; } = "";

    public string Street { get; init; } = "";

    public long Version { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
