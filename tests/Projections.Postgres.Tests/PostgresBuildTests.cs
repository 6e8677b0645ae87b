using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Testing.Events;

namespace Monolith.Projections.Postgres.Tests;

/// <summary>Builds whose table refuses rows.</summary>
[Trait("Category", "Module")]
public sealed class PostgresBuildTests(TestPostgres postgres) : GenerationContract(new PostgresUnderTest(postgres))
{
    private SampleDatabase Database => (SampleDatabase)Logs;

    [Fact]
    public async Task Build_fails_with_the_reason_if_rows_cannot_be_written()
    {
        await WriteHistoryAsync(2, 100);
        using var gate = new Gate(long.MaxValue);
        var host = await StartAsync(gate.Fold);
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        gate.CloseAfter(10);
        var rebuild = await host.Control.RebuildAsync(Auto, Operator, Cancellation);
        await gate.Reached;
        await Database.ExecuteAsync(
            """
            create function shop_read.fail() returns trigger language plpgsql as $$ begin raise exception 'out of order'; end $$;
            create trigger fail before insert on shop_read.counters_g2 for each row execute function shop_read.fail();
            """);
        gate.Open();

        (await host.UntilEndedAsync(rebuild, OperationState.Failed)).Detail.ShouldNotBeNull().ShouldContain("out of order");

        (await host.UntilAsync(2, GenerationState.Failed)).Reason!.ShouldContain("out of order");
        (await host.LiveAsync()).ShouldBe(1);
        await ShouldMatchLogAsync(host, 1);
    }
}
