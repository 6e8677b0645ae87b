using Monolith.BuildingBlocks.LocalServers;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests;

/// <summary>
/// A host that starts without PostgreSQL waits for it, up to a timeout. It does not wait when the error is permanent.
/// </summary>
[Trait("Category", "System")]
public sealed class PostgresAtStartTests(Servers servers)
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Database=nowhere;Password=none";
    private const string WaitAtStart = "Database__WaitAtStart";
    private const string VeryLong = "1.00:00:00";
    private const string WaitingWords = "Waiting for PostgreSQL";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Host_starts_when_the_server_becomes_available(Transport transport)
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await PostgresCluster.StartAsync(new() { DataDirectory = folder.Below("postgres"), Durable = true });
        await using var site = new Site(postgres.ConnectionString, transport == Transport.Kafka ? await servers.KafkaAsync() : null);
        await site.MigrateAsync();
        postgres.Kill();
        site.Set(WaitAtStart, VeryLong);
        var host = await site.LaunchHostAsync();
        await ItWaitsAsync(host);

        await postgres.RestartAsync();

        await host.ReadyAsync();
        host.Process.Errors.ShouldBeEmpty();
        host.Process.Lines.ShouldNotContain(line => line.StartsWith("   at ", StringComparison.Ordinal));
        await using var load = MixedLoad.Full(2, host.Url);
        await load.RunAsync(50);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(host.Url, Timeout);
    }

    [Fact]
    public async Task Host_exits_with_one_line_after_the_start_timeout()
    {
        await using var site = new Site(Nowhere, (string?)null);
        site.Set(WaitAtStart, "0.00:00:02");
        var host = await site.LaunchHostAsync();
        (await host.Process.ExitAsync(Timeout)).ShouldBe(1);
        host.Process.Errors.ShouldBe(["PostgreSQL: Failed to connect to 127.0.0.1:1"]);
        host.Process.Output.ShouldHaveSingleItem().ShouldContain(WaitingWords);
    }

    [Fact]
    public async Task Stop_signal_ends_the_wait()
    {
        await using var site = new Site(Nowhere, (string?)null);
        site.Set(WaitAtStart, VeryLong);
        var host = await site.LaunchHostAsync();
        await ItWaitsAsync(host);
        await host.Process.TerminateAsync();
        (await host.Process.ExitAsync(Timeout)).ShouldBe(0);
        host.Process.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unusable_database_is_reported_at_once()
    {
        var migrated = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        foreach (var (database, line) in ((string, string)[])
        [
            (
                With(settings => settings.Password = "wrong"),
                """The database of Customers is not set up for the role customers_app (password authentication failed for user "customers_app"): run the verb 'migrate'."""),
            (With(settings => settings.Database = "missing"), """PostgreSQL: 3D000: database "missing" does not exist"""),
            (With(settings => settings.Database = "postgres"), "The database of Customers is not set up for the role customers_app ("),
        ])
        {
            await using var site = new Site(database, (string?)null);
            site.Set(WaitAtStart, VeryLong);
            var host = await site.LaunchHostAsync();
            (await host.Process.ExitAsync(Timeout)).ShouldBe(1);
            host.Process.Lines.ShouldHaveSingleItem().ShouldStartWith(line);
        }

        string With(Action<NpgsqlConnectionStringBuilder> change)
        {
            var settings = new NpgsqlConnectionStringBuilder(migrated.ConnectionString);
            change(settings);
            return settings.ConnectionString;
        }
    }

    private static Task ItWaitsAsync(HostProcess host) =>
        Eventually.HoldsAsync(
            Timeout,
            "the host says that it waits",
            () => host.Process.Lines.Any(line => line.Contains(WaitingWords, StringComparison.Ordinal)));
}
