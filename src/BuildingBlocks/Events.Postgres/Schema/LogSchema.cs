using Microsoft.EntityFrameworkCore.Migrations;

namespace Monolith.BuildingBlocks.Events.Postgres.Schema;

/// <summary>The tables of a module's log, for the first migration of a module.</summary>
public static class LogSchema
{
    /// <summary>
    /// Creates the log: immutable events with dense, commit-ordered offsets, the partition counters that assign the offsets, and the leases
    /// of relays.
    /// </summary>
    /// <param name="migration">The migration, run as the module's owner.</param>
    /// <param name="schema">The module's schema.</param>
    public static void CreateLog(this MigrationBuilder migration, string schema)
    {
        migration.Sql(Partitions(schema));
        migration.Sql(Events(schema));
        migration.Sql(Immutability(schema));
        migration.Sql(Relay(schema));
        migration.Sql(Rights(schema));
    }

    /// <summary>Drops the log with all events.</summary>
    /// <param name="migration">The migration, run as the module's owner.</param>
    /// <param name="schema">The module's schema.</param>
    public static void DropLog(this MigrationBuilder migration, string schema) => migration.Sql(
        $"""
        drop table {schema}.relay_members, {schema}.relay_leases, {schema}.events, {schema}.partitions;
        drop function {schema}.take_offset(), {schema}.refuse_change();
        """);

    /// <summary>Creates the indexes for event queries: by id, by time, by correlation and by causation.</summary>
    /// <param name="migration">The migration, run as the module's owner.</param>
    /// <param name="schema">The module's schema.</param>
    public static void IndexLog(this MigrationBuilder migration, string schema) => migration.Sql(
        $"""
        create unique index ux_events_event_id on {schema}.events (event_id);
        create index ix_events_occurred_at on {schema}.events (occurred_at);
        create index ix_events_correlation_id on {schema}.events (correlation_id);
        create index ix_events_causation_id on {schema}.events (causation_id) where causation_id is not null;
        """);

    /// <summary>Drops the indexes of <see cref="IndexLog"/>.</summary>
    /// <param name="migration">The migration, run as the module's owner.</param>
    /// <param name="schema">The module's schema.</param>
    public static void DropLogIndexes(this MigrationBuilder migration, string schema) => migration.Sql(
        $"""
        drop index {schema}.ux_events_event_id, {schema}.ix_events_occurred_at, {schema}.ix_events_correlation_id,
            {schema}.ix_events_causation_id;
        """);

    // A low fill factor leaves room for new versions of the rows: a counter is updated with every event.
    private static string Partitions(string schema) =>
        $"""
        create table {schema}.partitions (
            partition integer primary key,
            next_offset bigint not null default 0 check (next_offset >= 0)
        ) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
        """;

    private static string Events(string schema) =>
        $"""
        create table {schema}.events (
            partition integer not null,
            "offset" bigint not null,
            event_id uuid not null,
            stream_id uuid not null,
            stream_version bigint not null check (stream_version > 0),
            type text not null,
            data json not null constraint ck_events_data_size check (octet_length(data::text) <= 262144),
            occurred_at timestamptz not null,
            actor text,
            correlation_id uuid not null,
            causation_id uuid,
            traceparent text,
            constraint pk_events primary key (stream_id, stream_version),
            constraint ux_events_partition_offset unique (partition, "offset")
        );

        create function {schema}.take_offset() returns trigger
            language plpgsql security definer set search_path = pg_catalog, pg_temp as
        $$
        begin
            update {schema}.partitions set next_offset = next_offset + 1
                where partition = new.partition
                returning next_offset - 1 into new."offset";
            if not found then
                raise exception 'the log {schema} has no partition %', new.partition using errcode = 'foreign_key_violation';
            end if;
            return new;
        end
        $$;

        create trigger take_offset before insert on {schema}.events for each row execute function {schema}.take_offset();
        """;

    private static string Immutability(string schema) =>
        $"""
        create function {schema}.refuse_change() returns trigger language plpgsql as
        $$
        begin
            raise exception 'events are immutable: % on {schema}.events is refused', tg_op using errcode = 'insufficient_privilege';
        end
        $$;

        create trigger refuse_change before update or delete on {schema}.events
            for each statement execute function {schema}.refuse_change();
        create trigger refuse_truncate before truncate on {schema}.events
            for each statement execute function {schema}.refuse_change();
        """;

    private static string Relay(string schema) =>
        $"""
        create table {schema}.relay_members (
            member uuid primary key,
            expires_at timestamptz not null
        );
        create table {schema}.relay_leases (
            partition integer primary key references {schema}.partitions,
            member uuid,
            expires_at timestamptz,
            topic_id text
        );
        """;

    private static string Rights(string schema) =>
        $"""
        revoke all on function {schema}.take_offset(), {schema}.refuse_change() from public;
        grant select, insert on {schema}.events to {schema}_app;
        grant select on {schema}.partitions to {schema}_app;
        grant select, insert, update, delete on {schema}.relay_members, {schema}.relay_leases to {schema}_app;
        grant select on {schema}.events, {schema}.partitions to {schema}_reader;
        """;
}
