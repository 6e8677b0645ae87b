using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.Testing;
using Monolith.Testing.Events;
using Npgsql;

namespace Monolith.Projections.Postgres.Tests;

/// <summary>Columns of two versions of one projection.</summary>
[Trait("Category", "Module")]
public sealed class PostgresVersionTests(TestPostgres postgres) : VersionedContract(new PostgresUnderTest(postgres))
{
    [Fact]
    public async Task Column_type_change_is_refused_and_old_rows_serve()
    {
        await WriteHistoryAsync(2, 200);
        await (await StartLiveAsync()).DisposeAsync();

        var changed = await StartAsync(new TextTotals(), new() { Version = 2 });

        await Eventually.HoldsAsync(
            Timeout, () => Task.FromResult(changed.Status.Problem is null ? "no problem yet" : null), Cancellation);
        changed.Status.Problem!.ShouldContain("The column total of shop_read.counters is bigint, the rows of this version have text");
        (await changed.HealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        (await changed.RegistryAsync()).Generations.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Started_host_has_created_the_view_of_queries()
    {
        await WriteHistoryAsync(2, 200);
        using var gate = new Gate(10);

        await StartAsync(gate.Fold);

        (await Should.ThrowAsync<PostgresException>(() => SeenAsync())).SqlState.ShouldBe(StoreSchema.NeverBuilt);
        gate.Open();
    }

    internal sealed record TextRow(Guid CounterId, string Total);

    private sealed class TextTotals : KeyedProjection<Guid, TextRow>
    {
        public TextTotals() => On<Counted>(e => e.CounterId, (e, _) => new(e.CounterId, "many"));
    }
}
