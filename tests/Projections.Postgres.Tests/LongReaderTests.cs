using System.Diagnostics;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.Testing;
using Monolith.Testing.Events;
using Npgsql;

namespace Monolith.Projections.Postgres.Tests;

[Trait("Category", "Module")]
public sealed class LongReaderTests(TestPostgres postgres) : GenerationContract(new PostgresUnderTest(postgres))
{
    private SampleDatabase Database => (SampleDatabase)Logs;

    private const int FewestAttempts = 5;

    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BuiltWithin = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Long_reader_never_blocks_other_readers_during_a_promotion()
    {
        var counters = await WriteHistoryAsync(5, 1_000);
        var host = await StartLiveAsync();
        await using var load = new CountingLoad(Store, null, counters);
        await Eventually.HoldsAsync(BuiltWithin, "clients read", () => load.Reads > 100, Cancellation);
        await using var connection = await Database.Superuser.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var reader = new NpgsqlCommand("select count(*) from shop_read.counters", connection, transaction))
            await reader.ExecuteScalarAsync(Cancellation);

        var rebuild = await host.Control.RebuildAsync(Auto, Operator, Cancellation);

        var attempts = await AttemptsAsync();
        (await host.RegistryAsync()).Find(2)!.State.ShouldBe(GenerationState.Building, "the long reader blocks the promotion");
        attempts.ShouldBeGreaterThanOrEqualTo(FewestAttempts, "the promotion was retried");
        await transaction.RollbackAsync(Cancellation);
        await host.UntilEndedAsync(rebuild);

        // A read of the load fails if it waits longer than 200 ms for a lock.
        await load.ShouldHaveBeenFlawlessAsync();
        await ShouldMatchLogAsync(host, 2);
    }

    /// <summary>
    /// The number of waits of the promotion for the view within five seconds after the first one. Each wait has its own start time.
    /// </summary>
    private async Task<int> AttemptsAsync()
    {
        var waits = new HashSet<DateTime>();
        var (waited, first) = (Stopwatch.StartNew(), new Stopwatch());
        while (first.Elapsed < HeldFor)
        {
            waits.UnionWith(await Database.QueryAsync<DateTime>(
                """
                select waitstart from pg_locks
                where not granted and waitstart is not null and database = (select oid from pg_database where datname = current_database())
                    and relation = 'shop_read.counters'::regclass and mode = 'AccessExclusiveLock'
                """));
            if (waits.Count > 0)
                first.Start();
            else
                waited.Elapsed.ShouldBeLessThan(BuiltWithin, "no promotion was tried");
        }

        return waits.Count;
    }
}
