using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.Testing.Events;
using Npgsql;

namespace Monolith.Projections.Postgres.Tests;

/// <summary>The audit log in the database.</summary>
[Trait("Category", "Module")]
public sealed class PostgresRecordTests(TestPostgres postgres) : GenerationContract(new PostgresUnderTest(postgres))
{
    private SampleDatabase Database => (SampleDatabase)Logs;

    [Fact]
    public async Task Audit_log_is_append_only()
    {
        var host = await StartLiveAsync();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));

        (await host.Control.ActionsAsync(10, Cancellation)).Count.ShouldBe(2);
        (await RefusedStateAsync("update shop_read.actions set actor = 'somebody else'")).ShouldBe("42501");
        (await RefusedStateAsync("delete from shop_read.actions")).ShouldBe("42501");
        (await RefusedStateAsync("truncate shop_read.actions")).ShouldBe("42501");
    }

    private async Task<string> RefusedStateAsync(string sql)
    {
        try
        {
            await Database.ExecuteAsync(sql, "shop_app");
            return "done";
        }
        catch (PostgresException exception)
        {
            return exception.SqlState;
        }
    }
}
