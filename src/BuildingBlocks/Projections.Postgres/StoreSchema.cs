using Monolith.BuildingBlocks.Postgres;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// The tables and functions of every schema of read models: the registry of generations, checkpoints, dead letters, the record of
/// operators, and the steps that must be one statement.
/// </summary>
internal static class StoreSchema
{
    // Grows with every change below. A newer schema is not changed.
    public const int Version = 3;

    /// <summary>SQLSTATE: a checkpoint has another epoch or offset than expected.</summary>
    public const string CheckpointLost = "MN001";

    /// <summary>SQLSTATE: writes to the generation are blocked.</summary>
    public const string WritesBlocked = "MN002";

    /// <summary>SQLSTATE: the read model was never built.</summary>
    public const string NeverBuilt = NpgsqlFailureClassifier.NeverBuilt;

    /// <summary>Creates what is missing, and upgrades what earlier versions created.</summary>
    public static string Sql(string schema) =>
        $"""
        {Tables(schema)}
        {Record(schema)}
        {Advance(schema)}
        {Promote(schema)}
        {NeverBuiltSql(schema)}
        create table if not exists {schema}.store_schema (version integer not null);
        delete from {schema}.store_schema;
        insert into {schema}.store_schema values ({Version});
        """;

    private static string Tables(string schema) =>
        $"""
        create table if not exists {schema}.generations (
            projection text not null,
            number integer not null,
            version integer not null,
            state text not null,
            created_at timestamptz not null default now(),
            primary key (projection, number)
        );
        alter table {schema}.generations
            add column if not exists purpose text not null default 'rebuild',
            add column if not exists promotion text not null default 'none',
            add column if not exists operation uuid,
            add column if not exists ended_at timestamptz,
            add column if not exists until timestamptz,
            add column if not exists snapshot text,
            add column if not exists targets jsonb,
            add column if not exists in_memory boolean not null default false,
            add column if not exists folded jsonb,
            add column if not exists row_hash text,
            add column if not exists reason text,
            add column if not exists cleaned boolean not null default false,
            add column if not exists builder uuid,
            add column if not exists builder_until timestamptz,
            add column if not exists held_until timestamptz,
            add column if not exists rows_written bigint,
            add column if not exists rows_left bigint,
            add column if not exists faults text[] not null default array[]::text[];
        create unique index if not exists ux_generations_live on {schema}.generations (projection) where state = 'live';
        create unique index if not exists ux_generations_under_way on {schema}.generations (projection)
            where state in ('building', 'ready') or (state = 'retired' and promotion = 'auto');
        create table if not exists {schema}.projections (
            projection text primary key,
            paused boolean not null default false
        );
        create table if not exists {schema}.checkpoints (
            projection text not null,
            generation integer not null,
            log text not null,
            partition integer not null,
            epoch bigint not null,
            next_offset bigint not null,
            last_event_id uuid,
            position bigint not null,
            source text,
            updated_at timestamptz not null default now(),
            primary key (projection, generation, log, partition),
            foreign key (projection, generation) references {schema}.generations
        ) with (fillfactor = 20);
        create table if not exists {schema}.dead_letters (
            projection text not null,
            generation integer not null,
            log text not null,
            partition integer not null,
            "offset" bigint not null,
            sequence bigint generated always as identity,
            key text not null,
            event_id uuid not null,
            stream_id uuid not null,
            stream_version bigint not null,
            type text not null,
            data bytea not null,
            occurred_at timestamptz not null,
            actor text,
            correlation_id uuid not null,
            causation_id uuid,
            traceparent text,
            reason text,
            parked_at timestamptz not null default now(),
            asked text,
            operation uuid,
            primary key (projection, generation, log, partition, "offset")
        );
        create index if not exists ix_dead_letters_key on {schema}.dead_letters (projection, generation, key, sequence);
        """;

    // A trigger adds every change of an operation's state to the append-only record.
    private static string Record(string schema) =>
        $"""
        create table if not exists {schema}.operations (
            id uuid primary key,
            projection text not null,
            kind text not null,
            generation integer,
            actor text,
            action text not null,
            state text not null,
            detail text,
            result json,
            started_at timestamptz not null default now(),
            ended_at timestamptz
        );
        create table if not exists {schema}.actions (
            sequence bigint generated always as identity primary key,
            at timestamptz not null default now(),
            operation uuid not null,
            projection text not null,
            actor text,
            action text not null,
            generation integer,
            outcome text not null,
            detail text
        );
        drop index if exists {schema}.ix_actions_projection;
        create index if not exists ix_actions_at on {schema}.actions (projection, at, operation, sequence);
        create index if not exists ix_operations_running on {schema}.operations (projection) where state = 'running';

        create or replace function {schema}.record_action() returns trigger language plpgsql as
        $$
        begin
            insert into {schema}.actions (operation, projection, actor, action, generation, outcome, detail)
                values (new.id, new.projection, new.actor, new.action, new.generation, new.state, new.detail);
            return null;
        end
        $$;
        create or replace trigger record_action after insert or update of state on {schema}.operations
            for each row execute function {schema}.record_action();

        create or replace function {schema}.refuse_change() returns trigger language plpgsql as
        $$
        begin
            raise exception 'the record of operators is only added to: % is refused', tg_op using errcode = 'insufficient_privilege';
        end
        $$;
        create or replace trigger refuse_change before update or delete on {schema}.actions
            for each statement execute function {schema}.refuse_change();
        create or replace trigger refuse_truncate before truncate on {schema}.actions
            for each statement execute function {schema}.refuse_change();
        """;

    // Comparison and update are one statement, so that the rows of a batch and its checkpoints need one round trip, and no lock outlives
    // it.
    private static string Advance(string schema) =>
        $"""
        create or replace function {schema}.advance_checkpoints(
            of_projection text, of_generation integer, logs text[], partitions integer[], epochs bigint[], froms bigint[], tos bigint[],
            ids uuid[], positions bigint[], sources text[])
            returns void language plpgsql as
        $$
        declare
            advanced integer;
        begin
            perform from {schema}.generations
                where projection = of_projection and number = of_generation and held_until > clock_timestamp();
            if found then
                raise exception 'generation % of % is held', of_generation, of_projection using errcode = '{WritesBlocked}';
            end if;
            update {schema}.checkpoints c
                set next_offset = a.to_offset, last_event_id = a.event_id, position = a.position, source = a.source, updated_at = now()
                from unnest(logs, partitions, epochs, froms, tos, ids, positions, sources)
                    as a (log, partition, epoch, from_offset, to_offset, event_id, position, source)
                where c.projection = of_projection and c.generation = of_generation and c.log = a.log and c.partition = a.partition
                    and c.epoch = a.epoch and c.next_offset = a.from_offset;
            get diagnostics advanced = row_count;
            if advanced <> cardinality(partitions) then
                raise exception 'a checkpoint of % generation % has moved', of_projection, of_generation
                    using errcode = '{CheckpointLost}';
            end if;
        end
        $$;
        """;

    // One statement, so that no lock waits for a client. It gives up if a lock is not free, since queries queue behind a waiting change of
    // the view.
    private static string Promote(string schema) =>
        $"""
        create or replace function {schema}.promote_generation(of_projection text, candidate integer, view_sql text) returns text
            language plpgsql set lock_timeout = '50ms' as
        $$
        declare
            next {schema}.generations;
            current integer;
        begin
            perform from {schema}.generations
                where projection = of_projection and (number = candidate or state = 'live') order by number for update;
            select * into next from {schema}.generations where projection = of_projection and number = candidate;
            if next.promotion <> 'auto' or next.state not in ('building', 'ready', 'retired') then
                return 'refused';
            end if;
            select number into current from {schema}.generations where projection = of_projection and state = 'live';
            perform from {schema}.checkpoints where projection = of_projection and generation in (current, candidate)
                order by generation, log, partition for update;
            perform from {schema}.checkpoints old
                left join {schema}.checkpoints new
                    on new.projection = old.projection and new.generation = candidate
                    and new.log = old.log and new.partition = old.partition
                where old.projection = of_projection and old.generation = current and coalesce(new.next_offset, 0) < old.next_offset;
            if found then
                return 'behind';
            end if;
            if next.state = 'building' and current is not null then
                perform from {schema}.dead_letters new where new.projection = of_projection and new.generation = candidate and not exists (
                    select from {schema}.dead_letters old
                    where old.projection = of_projection and old.generation = current and old.key = new.key);
                if found then
                    return 'parked';
                end if;
            end if;
            execute view_sql;
            update {schema}.generations set state = 'retired', promotion = 'none', ended_at = now(), held_until = null
                where projection = of_projection and state = 'live';
            update {schema}.generations set state = 'live', promotion = 'none', ended_at = null, held_until = null, reason = null,
                    in_memory = false, folded = null, builder = null, builder_until = null, operation = null
                where projection = of_projection and number = candidate;
            update {schema}.operations set state = 'done', detail = format('generation %s is live', candidate), ended_at = now()
                where projection = of_projection and generation = candidate and state = 'running'
                    and kind in ('rebuild', 'upgrade', 'promote', 'rollback', 'build');
            return 'promoted';
        exception
            when lock_not_available or deadlock_detected then
                return 'busy';
        end
        $$;
        """;

    private static string NeverBuiltSql(string schema) =>
        $"""
        create or replace function {schema}.refuse_unbuilt(of_projection text) returns boolean language plpgsql stable as
        $$
        begin
            raise exception 'the read model % is being built for the first time', of_projection using errcode = '{NeverBuilt}';
        end
        $$;
        """;
}
