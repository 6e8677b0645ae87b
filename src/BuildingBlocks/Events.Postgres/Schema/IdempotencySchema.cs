using Microsoft.EntityFrameworkCore.Migrations;
using Monolith.BuildingBlocks.Events.Postgres.Idempotency;

namespace Monolith.BuildingBlocks.Events.Postgres.Schema;

/// <summary>The table of a module's idempotency keys.</summary>
public static class IdempotencySchema
{
    /// <summary>Creates the table, which has the responses of commands by idempotency key.</summary>
    /// <param name="migration">The migration, run as the module's owner.</param>
    /// <param name="schema">The module's schema.</param>
    public static void CreateIdempotencyKeys(this MigrationBuilder migration, string schema) => migration.Sql(
        $"""
        create table {schema}.idempotency_keys (
            key text not null constraint pk_idempotency_keys primary key,
            payload bytea not null,
            status integer not null,
            headers json not null,
            body bytea not null,
            event_ids uuid[] not null,
            kept_at timestamptz not null default now()
        );
        create index ix_idempotency_keys_kept_at on {schema}.idempotency_keys (kept_at);

        create function {schema}.take_key() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as
        $$
        begin
            if not pg_try_advisory_xact_lock(hashtextextended('{schema}.idempotency_keys ' || new.key, 0)) then
                raise exception 'a command with this key is being committed' using errcode = '{IdempotencyRowMapping.KeyInUse}';
            end if;
            return new;
        end
        $$;

        create trigger take_key before insert on {schema}.idempotency_keys for each row execute function {schema}.take_key();
        grant select, insert, delete on {schema}.idempotency_keys to {schema}_app;
        """);

    /// <summary>Drops the table.</summary>
    /// <param name="migration">The migration, run as the module's owner.</param>
    /// <param name="schema">The module's schema.</param>
    public static void DropIdempotencyKeys(this MigrationBuilder migration, string schema) => migration.Sql(
        $"""
        drop table {schema}.idempotency_keys;
        drop function {schema}.take_key();
        """);
}
