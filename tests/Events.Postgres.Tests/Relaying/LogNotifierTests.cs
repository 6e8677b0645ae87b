using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events.Postgres.Relaying;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Events.Postgres.Tests.Relaying;

[Trait("Category", "Module")]
public sealed class LogNotifierTests(TestPostgres postgres)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_wakes_another_process_after_a_reconnect()
    {
        await using var here = await postgres.NewAsync();
        await using var there = here.OfAnotherProcess();
        using var telling = Notifier(here);
        using var hearing = Notifier(there);
        await Task.WhenAll(telling.StartAsync(cancellation), hearing.StartAsync(cancellation));

        await HearsAsync(here, there);
        await here.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop_app' and datname = current_database()");
        await HearsAsync(here, there);

        await Task.WhenAll(telling.StopAsync(cancellation), hearing.StopAsync(cancellation));
    }

    // Commits repeatedly, since the first one may precede the subscription.
    private async Task HearsAsync(SampleDatabase here, SampleDatabase there)
    {
        var before = there.Shop.Signal.Version;
        await Eventually.HoldsAsync(
            Timeout,
            "the other process hears of a commit",
            () =>
            {
                here.Shop.NoteCommit();
                return there.Shop.Signal.Version > before;
            },
            cancellation);
    }

    private static LogNotifier Notifier(SampleDatabase database) =>
        new(database.Shop, new RelayStatus(database.Shop.Name) { Relays = 2 }, NullLogger<LogNotifier>.Instance);
}
