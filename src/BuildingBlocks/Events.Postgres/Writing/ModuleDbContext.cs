using Microsoft.EntityFrameworkCore;
using Monolith.BuildingBlocks.Events.Postgres.Idempotency;

namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>The write side of one module: its state and its log, in the module's schema.</summary>
/// <param name="options">The options, created with <see cref="ModuleDbContextOptions"/>.</param>
/// <param name="schema">The module's schema.</param>
public abstract class ModuleDbContext(DbContextOptions options, string schema) : DbContext(options)
{
    /// <summary>The module's schema.</summary>
    public string Schema { get; } = schema;

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfiguration(new EventRowMapping());
        modelBuilder.ApplyConfiguration(new IdempotencyRowMapping());
    }
}
