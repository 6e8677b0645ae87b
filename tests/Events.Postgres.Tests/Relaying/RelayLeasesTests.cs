using Monolith.BuildingBlocks.Events.Postgres.Relaying;
using Monolith.Testing.Events;

namespace Monolith.Events.Postgres.Tests.Relaying;

[Trait("Category", "Module")]
public sealed class RelayLeasesTests(TestPostgres postgres) : IAsyncLifetime
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SampleDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.NewAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Single_relay_holds_all_partitions()
    {
        var renewal = await new RelayLeases(database.Shop).RenewAsync(cancellation);

        renewal.Held.Select(lease => lease.Partition).ShouldBe([0, 1, 2, 3]);
        (renewal.FairShare, renewal.Relays).ShouldBe((4, 1));
    }

    [Fact]
    public async Task First_relay_releases_its_surplus_to_the_second()
    {
        var (first, second) = (new RelayLeases(database.Shop), new RelayLeases(database.Shop));
        await first.RenewAsync(cancellation);
        (await second.RenewAsync(cancellation)).Held.ShouldBeEmpty("a live relay keeps its leases");

        var surplus = await first.RenewAsync(cancellation);
        (surplus.Held.Count, surplus.FairShare, surplus.Relays).ShouldBe((4, 2, 2));
        await first.ReleaseAsync([2, 3], cancellation);

        Held(await second.RenewAsync(cancellation)).ShouldBe([2, 3]);
        Held(await first.RenewAsync(cancellation)).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task Three_relays_hold_fair_shares_of_all_partitions()
    {
        var relays = Enumerable.Range(0, 3).Select(_ => new RelayLeases(database.Shop)).ToArray();
        await Task.WhenAll(relays.Select(relay => relay.RenewAsync(cancellation)));
        foreach (var relay in relays)
            await relay.ReleaseAsync([0, 1, 2, 3], cancellation);

        await Task.WhenAll(relays.Select(relay => relay.RenewAsync(cancellation)));
        var held = await Task.WhenAll(relays.Select(relay => relay.RenewAsync(cancellation)));

        held.ShouldAllBe(renewal => renewal.Held.Count <= 2);
        held.SelectMany(Held).Order().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public async Task Expired_leases_are_taken_over()
    {
        var (silent, other) = (new RelayLeases(database.Shop), new RelayLeases(database.Shop));
        await silent.RenewAsync(cancellation);
        await silent.NoteTopicAsync([1], "topic-1", cancellation);
        await database.ExecuteAsync(
            """
            update shop.relay_leases set expires_at = now() - interval '1 ms';
            update shop.relay_members set expires_at = now() - interval '1 ms'
            """);

        var taken = await other.RenewAsync(cancellation);

        Held(taken).ShouldBe([0, 1, 2, 3]);
        taken.Held.Single(lease => lease.Partition == 1).TopicId.ShouldBe("topic-1");
        taken.Relays.ShouldBe(1);
        Held(await silent.RenewAsync(cancellation)).ShouldBeEmpty("it holds no lease after its pause");
    }

    [Fact]
    public async Task Leaving_relay_releases_all_leases()
    {
        var (first, second) = (new RelayLeases(database.Shop), new RelayLeases(database.Shop));
        await first.RenewAsync(cancellation);
        await first.LeaveAsync(cancellation);

        (await second.RenewAsync(cancellation)).Held.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Only_own_leases_can_be_released()
    {
        var (first, second) = (new RelayLeases(database.Shop), new RelayLeases(database.Shop));
        await first.RenewAsync(cancellation);

        await second.ReleaseAsync([0, 1, 2, 3], cancellation);

        Held(await first.RenewAsync(cancellation)).ShouldBe([0, 1, 2, 3]);
    }

    private static int[] Held(LeaseRenewal renewal) => [.. renewal.Held.Select(lease => lease.Partition)];
}
