using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Monolith.BuildingBlocks.Events.Postgres.Idempotency;

/// <summary>How EF Core writes a key in the batch of its command. The table itself, its trigger and its rights are made by <see cref="Schema.IdempotencySchema"/>.</summary>
internal sealed class IdempotencyRowMapping : IEntityTypeConfiguration<IdempotencyRow>
{
    internal const string Table = "idempotency_keys";
    internal const string KeyName = "pk_idempotency_keys";

    public void Configure(EntityTypeBuilder<IdempotencyRow> builder)
    {
        builder.ToTable(Table, table => table.ExcludeFromMigrations());
        builder.HasKey(row => row.Key).HasName(KeyName);
        builder.Property(row => row.Headers).HasColumnType("json");
    }
}
