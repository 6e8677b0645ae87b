using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>Maps events to the table of a module's log. A migration creates the table, its triggers and its privileges.</summary>
internal sealed class EventRowMapping : IEntityTypeConfiguration<EventRow>
{
    internal const string Table = "events";
    internal const string KeyName = "pk_events";

    public void Configure(EntityTypeBuilder<EventRow> builder)
    {
        builder.ToTable(Table, table => table.ExcludeFromMigrations());

        // With any other key EF Core reorders the inserts of one save, and with them the offsets of a stream.
        builder.HasKey(row => new { row.StreamId, row.StreamVersion }).HasName(KeyName);
        builder.Property(row => row.Offset).ValueGeneratedOnAdd().Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Property(row => row.Data).HasColumnType("json");
    }
}
