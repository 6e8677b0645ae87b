using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Baselines;

/// <summary>
/// The tables of the bare shop, with the columns of the host's: state, and a log whose trigger assigns dense offsets from counter rows.
/// </summary>
internal static class BareSchema
{
    public const string Customers = "bare_customers";
    public const string Orders = "bare_orders";
    public const int Partitions = 32;

    public static async Task CreateAsync(Database database, CancellationToken cancellation)
    {
        await database.ExecuteAsync(
            $"""
            create schema {Customers};
            create table {Customers}.customers (
                id uuid primary key, username text not null unique, first_name text not null, last_name text not null, email text not null,
                status text not null check (status in ('active', 'inactive')),
                registered_at timestamptz not null, version bigint not null, changed_at timestamptz not null
            );
            create schema {Orders};
            create table {Orders}.orders (
                id uuid primary key, customer_id uuid not null, status text not null check (status in ('placed', 'paid', 'shipped', 'cancelled')), currency text not null, total numeric not null,
                items jsonb not null, placed_at timestamptz not null,
                city text not null, country text not null, postal_code text not null, street text not null, version bigint not null, changed_at timestamptz not null
            );
            create index on {Orders}.orders (customer_id, id);
            create index on {Orders}.orders (status, id);
            """,
            cancellation);
        await database.ExecuteAsync(Log(Customers), cancellation);
        await database.ExecuteAsync(Log(Orders), cancellation);
    }

    private static string Log(string schema) =>
        $"""
        create table {schema}.partitions (partition integer primary key, next_offset bigint not null default 0)
            with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
        insert into {schema}.partitions (partition) select generate_series(0, {Partitions} - 1);
        create table {schema}.events (
            partition integer not null, "offset" bigint not null, event_id uuid not null, stream_id uuid not null, stream_version bigint not null, type text not null, data json not null,
            occurred_at timestamptz not null, actor text, correlation_id uuid not null, causation_id uuid, traceparent text,
            primary key (stream_id, stream_version), unique (partition, "offset")
        );
        create function {schema}.take_offset() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
        begin
            update {schema}.partitions set next_offset = next_offset + 1 where partition = new.partition returning next_offset - 1 into new."offset";
            return new;
        end $$;
        create trigger take_offset before insert on {schema}.events for each row execute function {schema}.take_offset();
        """;
}
