using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Monolith.Modules.Stock.Application;
using Monolith.Modules.Stock.Domain;

namespace Monolith.Modules.Stock.Infrastructure;

/// <summary>The write side of Stock.</summary>
internal sealed class StockDbContext(DbContextOptions<StockDbContext> options) : ModuleDbContext(options, SchemaName)
{
    public const string SchemaName = "stock";

    public DbSet<Item> Items => Set<Item>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Item>(item =>
        {
            item.ToTable("items");
            item.HasKey(i => i.Id);
            item.Property(i => i.Id).ValueGeneratedNever();
            item.Property(i => i.Version).IsConcurrencyToken();
            item.Ignore(i => i.RaisedEvents);
        });
    }
}

/// <summary>Creates the context for dotnet-ef, which compares models and opens no connection.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<StockDbContext>
{
    public StockDbContext CreateDbContext(string[] args) =>
        new(ModuleDbContextOptions.AtDesignTime<StockDbContext>(StockDbContext.SchemaName));
}

/// <summary>Loads items for commands.</summary>
internal sealed class ItemRepository(StockDbContext context) : IItems
{
    public async Task<Result<Item>> Load(Guid id, long? expectedVersion, CancellationToken cancellationToken)
    {
        var item = await context.Items.FirstOrDefaultAsync(item => item.Id == id, cancellationToken);
        if (item is null)
            return ItemErrors.NotFound(id);
        return expectedVersion is { } expected && expected != item.Version ? RequestErrors.Stale(expected) : item;
    }

    public void Add(Item item) => context.Items.Add(item);
}
