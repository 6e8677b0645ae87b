using System.Diagnostics;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.Testing;
using Monolith.Testing.Events;
using Npgsql;

namespace Monolith.Projections.Postgres.Tests;

[Trait("Category", "Module")]
public sealed class PatientReaderTests(TestPostgres postgres) : GenerationContract(new PostgresUnderTest(postgres))
{
    private SampleDatabase Database => (SampleDatabase)Logs;

    private const int FewestAttempts = 5;

    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BuiltWithin = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_transaction_that_reads_for_five_seconds_never_makes_others_wait_for_a_flip()
    {
        var counters = await WriteHistoryAsync(5, 1_000);
        var host = await StartLiveAsync();
        await using var load = new CountingLoad(Store, null, counters);
        await Eventually.HoldsAsync(BuiltWithin, "it reads", () => load.Reads > 100, Cancellation);
        await using var connection = await Database.Superuser.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var patient = new NpgsqlCommand("select count(*) from shop_read.counters", connection, transaction))
            await patient.ExecuteScalarAsync(Cancellation);

        var rebuild = await host.Control.RebuildAsync(Auto, Operator, Cancellation);

        var attempts = await AttemptsAsync();
        (await host.RegistryAsync()).Find(2)!.State.ShouldBe(GenerationState.Building, "the patient reader is in the way");
        attempts.ShouldBeGreaterThanOrEqualTo(FewestAttempts, "the flip was tried again and again");
        await transaction.RollbackAsync(Cancellation);
        await host.UntilEndedAsync(rebuild);

        // Of its readers each read fails that waits longer than 200 ms for a lock.
        await load.ShouldHaveBeenFlawlessAsync();
        await ShouldBeTheTruthAsync(host, 2);
    }

    /// <summary>
    /// How often the flip was seen waiting for the view, within five seconds from the first time on. Each wait has a beginning of its own.
    /// </summary>
    private async Task<int> AttemptsAsync()
    {
        var waits = new HashSet<DateTime>();
        var (asked, first) = (Stopwatch.StartNew(), new Stopwatch());
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
                asked.Elapsed.ShouldBeLessThan(BuiltWithin, "no flip was tried");
        }

        return waits.Count;
    }
}
