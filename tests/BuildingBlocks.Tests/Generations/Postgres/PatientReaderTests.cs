using System.Diagnostics;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Tests.Sample;
using Monolith.Testing;
using Npgsql;

namespace Monolith.BuildingBlocks.Tests.Generations.Postgres;

[Trait("Height", "Module")]
public sealed class PatientReaderTests(TestPostgres postgres) : GenerationContract(postgres, new PostgresUnderTest())
{
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_transaction_that_reads_for_five_seconds_never_makes_others_wait_for_a_flip()
    {
        var counters = await WriteHistoryAsync(5, 1_000);
        var host = await StartLiveAsync();
        await using var connection = await Database.Superuser.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var patient = new NpgsqlCommand("select count(*) from shop_read.counters", connection, transaction))
            await patient.ExecuteScalarAsync(Cancellation);
        var since = Stopwatch.StartNew();
        await using var load = new CountingLoad(Store, null, counters);
        await Eventually.HoldsAsync(TimeSpan.FromSeconds(20), "it reads", () => load.Reads > 100, Cancellation);
        load.Forget();

        var rebuild = await host.Control.RebuildAsync(Auto, Operator, Cancellation);

        await Eventually.HoldsAsync(TimeSpan.FromSeconds(20), "five seconds", () => since.Elapsed > HeldFor, Cancellation);
        (await host.RegistryAsync()).Find(2)!.State.ShouldBe(GenerationState.Building, "the patient reader is in the way");
        await transaction.RollbackAsync(Cancellation);
        await host.UntilEndedAsync(rebuild);
        await load.EndAsync();

        load.Faults.ShouldBeEmpty();
        load.Longest.ShouldBeLessThan(LongestWait);
        await ShouldBeTheTruthAsync(host, 2);
    }
}
