using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing.Events;

namespace Monolith.Events.Postgres.Tests;

[Trait("Category", "Module")]
public sealed class MigrationTests(TestPostgres postgres)
{
    [Fact]
    public async Task Concurrent_migrations_are_applied_once()
    {
        await using var one = await postgres.NewBareAsync();
        await using var other = one.OfAnotherProcess();

        var applied = await Task.WhenAll(one.MigrateAsync(), other.MigrateAsync());
        (await one.MigrateAsync()).ShouldBeEmpty();

        applied.SelectMany(names => names).ShouldBe(["20260101000000_Shop", "20260101000000_Depot"], ignoreOrder: true);
        (await one.ScalarAsync<long>("select count(*) from shop.partitions")).ShouldBe(SampleLogs.Partitions);
        (await one.ScalarAsync<long>("select count(*) from depot.relay_leases")).ShouldBe(SampleLogs.Partitions);
        (await one.ScalarAsync<string>("select nspowner::regrole::text from pg_namespace where nspname = 'shop_read'"))
            .ShouldBe("shop_app");
    }
}
