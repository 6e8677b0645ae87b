using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Monolith.Modules.Stock.Domain;
using Npgsql;

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
    public StockDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<StockDbContext>();
        options.UseModuleDatabase(NpgsqlDataSource.Create("Host=nowhere"), StockDbContext.SchemaName);
        return new StockDbContext(options.Options);
    }
}
