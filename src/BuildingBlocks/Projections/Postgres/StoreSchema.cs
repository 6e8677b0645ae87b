namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>What every schema of query stores holds beside the rows: the registry of generations, their checkpoints, and the step of a checkpoint.</summary>
internal static class StoreSchema
{
    /// <summary>The error of a checkpoint that is not where the writer thought.</summary>
    public const string CheckpointLost = "MN001";

    /// <summary>Makes it all where it is missing.</summary>
    public static string Sql(string schema) =>
        $"""
        create table if not exists {schema}.generations (
            projection text not null,
            number integer not null,
            version integer not null,
            state text not null,
            created_at timestamptz not null default now(),
            primary key (projection, number)
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

        -- The comparison and the step are one statement, so that the rows of a page and its checkpoints need one round trip, and no lock outlives it.
        create or replace function {schema}.advance_checkpoints(
            of_projection text, of_generation integer, logs text[], partitions integer[], epochs bigint[], froms bigint[], tos bigint[], ids uuid[], positions bigint[], sources text[])
            returns void language plpgsql as
        $$
        declare
            advanced integer;
        begin
            update {schema}.checkpoints c
                set next_offset = a.to_offset, last_event_id = a.event_id, position = a.position, source = a.source, updated_at = now()
                from unnest(logs, partitions, epochs, froms, tos, ids, positions, sources) as a (log, partition, epoch, from_offset, to_offset, event_id, position, source)
                where c.projection = of_projection and c.generation = of_generation and c.log = a.log and c.partition = a.partition
                    and c.epoch = a.epoch and c.next_offset = a.from_offset;
            get diagnostics advanced = row_count;
            if advanced <> cardinality(partitions) then
                raise exception 'a checkpoint of % generation % has moved', of_projection, of_generation using errcode = '{CheckpointLost}';
            end if;
        end
        $$;
        """;
}
