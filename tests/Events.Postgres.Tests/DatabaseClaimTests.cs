using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Events.Postgres.Tests;

[Trait("Category", "Module")]
public sealed class DatabaseClaimTests(TestPostgres postgres) : IAsyncLifetime
{
    private const string ClaimLocks =
        """
        from pg_locks l join pg_database d on d.oid = l.database
        where d.datname = current_database() and l.locktype = 'advisory'
        """;

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private SampleDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.NewAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Second_exclusive_claim_is_refused_until_the_first_ends()
    {
        using var first = Claim(isExclusive: true);
        using var second = Claim(isExclusive: true);
        await first.StartingAsync(cancellation);

        var refused = await Should.ThrowAsync<DatabaseClaimedException>(() => second.StartingAsync(cancellation));
        refused.Message.ShouldBe(
            "Another process already runs the database of Shop. The in-process transport serves one process only: "
            + "stop the other one, or run both with Transport=Kafka.");

        await first.StoppedAsync(cancellation);
        await second.StartingAsync(cancellation);
        await second.StoppedAsync(cancellation);
    }

    [Fact]
    public async Task Shared_claims_exclude_an_exclusive_one()
    {
        using var first = Claim(isExclusive: false);
        using var second = Claim(isExclusive: false);
        using var third = Claim(isExclusive: true);
        await first.StartingAsync(cancellation);
        await second.StartingAsync(cancellation);

        await Should.ThrowAsync<DatabaseClaimedException>(() => third.StartingAsync(cancellation));

        await first.StoppedAsync(cancellation);
        await second.StoppedAsync(cancellation);
    }

    [Fact]
    public async Task Exclusive_claim_excludes_shared_ones()
    {
        using var first = Claim(isExclusive: true);
        using var second = Claim(isExclusive: false);
        await first.StartingAsync(cancellation);

        var refused = await Should.ThrowAsync<DatabaseClaimedException>(() => second.StartingAsync(cancellation));
        refused.Message.ShouldContain("with the in-process transport runs the database of Shop exclusively");

        await first.StoppedAsync(cancellation);
    }

    [Fact]
    public async Task Lost_claim_is_renewed_or_the_process_stops()
    {
        using var first = Claim(isExclusive: true);
        await first.StartingAsync(cancellation);
        await CutAsync();
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20), async () => await LockedAsync() ? null : "the first has not claimed again", cancellation);

        await using var thief = await database.Superuser.OpenConnectionAsync(cancellation);
        await CutAsync();
        await Eventually.HoldsAsync(TimeSpan.FromSeconds(20), async () => await StealAsync(thief) ? null : "not stolen yet", cancellation);

        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20),
            "the first stops its process",
            () => lifetime.ApplicationStopping.IsCancellationRequested,
            cancellation);
        await first.StoppedAsync(cancellation);
    }

    private DatabaseClaim Claim(bool isExclusive) => new(database.Shop.Database, isExclusive, lifetime, NullLogger<DatabaseClaim>.Instance);

    private Task CutAsync() =>
        database.ExecuteAsync($"select pg_terminate_backend(l.pid) {ClaimLocks}");

    private async Task<bool> LockedAsync() =>
        await database.ScalarAsync<long>($"select count(*) {ClaimLocks}") == 1;

    private static async Task<bool> StealAsync(Npgsql.NpgsqlConnection thief)
    {
        await using var steal = new Npgsql.NpgsqlCommand("select pg_try_advisory_lock(1296976980, hashtext('shop'))", thief);
        return (bool)(await steal.ExecuteScalarAsync())!;
    }
}
