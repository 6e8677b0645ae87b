using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Monolith.BuildingBlocks.Events.Postgres.Idempotency;

/// <summary>Maps idempotency keys to their table. A migration creates the table, its trigger and its privileges.</summary>
internal sealed class IdempotencyRowMapping : IEntityTypeConfiguration<IdempotencyRow>
{
    /// <summary>
    /// The SQLSTATE that the table's trigger raises when another transaction that is still open has inserted the same key. A plain INSERT
    /// would wait for that transaction.
    /// </summary>
    internal const string KeyInUse = "MN004";

    internal const string Table = "idempotency_keys";
    internal const string KeyName = "pk_idempotency_keys";

    public void Configure(EntityTypeBuilder<IdempotencyRow> builder)
    {
        builder.ToTable(Table, table => table.ExcludeFromMigrations());
        builder.HasKey(row => row.Key).HasName(KeyName);
        builder.Property(row => row.Headers).HasColumnType("json");
    }
}
