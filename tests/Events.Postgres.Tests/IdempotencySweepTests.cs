using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events.Postgres.Idempotency;
using Monolith.Testing.Events;

namespace Monolith.Events.Postgres.Tests;

[Trait("Category", "Module")]
public sealed class IdempotencySweepTests(TestPostgres postgres)
{
    [Fact]
    public async Task Keys_older_than_a_day_are_deleted_in_batches()
    {
        await using var database = await postgres.NewAsync();
        await database.ExecuteAsync(
            """
            insert into shop.idempotency_keys (key, payload, status, headers, body, event_ids, kept_at)
            select 'old-' || n, ''::bytea, 201, '{}'::json, ''::bytea, '{}'::uuid[], now() - interval '24 hours 1 minute'
            from generate_series(1, 2500) n
            union all select 'young', '', 201, '{}', '', '{}', now() - interval '23 hours 59 minutes'
            """);
        using var sweep = new IdempotencySweep(database.Shop, TimeProvider.System, NullLogger<IdempotencySweep>.Instance);

        (await sweep.SweepAsync(TestContext.Current.CancellationToken)).ShouldBe(2500);

        (await database.QueryAsync<string>("select key from shop.idempotency_keys")).ShouldBe(["young"]);
    }
}
