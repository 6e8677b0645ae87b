using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.Postgres.Tests;

/// <summary>What a start waits for, and what it does not.</summary>
[Trait("Category", "Module")]
public sealed class DatabaseWaitTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory, InlineData("57P03"), InlineData(null)]
    public async Task Starting_server_is_retried_until_the_deadline(string? sqlState)
    {
        await using var server = new RefusingPostgres(sqlState);
        using var log = new RecordedLog();
        var failure = await Should.ThrowAsync<NpgsqlException>(StartAsync(server.Port, "0.00:00:02", log));
        (failure as PostgresException)?.SqlState.ShouldBe(sqlState);
        server.Refused.ShouldBeGreaterThan(2);
        // The next line would come after ten seconds.
        log.Entries.ShouldHaveSingleItem().Message
            .ShouldMatch(@"^Waiting for PostgreSQL at 127\.0\.0\.1, where the database of Customers is, until \d\d:\d\d:\d\dZ: .+$");
    }

    [Theory, InlineData("28P01"), InlineData("28000"), InlineData("3D000"), InlineData("53300")]
    public async Task Refused_login_ends_the_wait(string sqlState)
    {
        await using var server = new RefusingPostgres(sqlState);
        using var log = new RecordedLog();
        await StartAsync(server.Port, "1.00:00:00", log).WaitAsync(Deadline);
        server.Refused.ShouldBeGreaterThan(0);
        log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Closed_port_is_retried_until_it_opens()
    {
        var port = FreeAddress.Port();
        using var log = new RecordedLog();
        var start = StartAsync(port, "1.00:00:00", log);
        await Eventually.HoldsAsync(Deadline, "it says that it waits", () => log.Entries.Count > 0);
        start.IsCompleted.ShouldBeFalse();

        await using var server = new RefusingPostgres("28P01", port);
        await start.WaitAsync(Deadline);
        log.Entries.Count.ShouldBe(2);
        log.Entries.Last().Message.ShouldBe("PostgreSQL responds for the database of Customers. The start continues.");
    }

    [Fact]
    public async Task Unknown_host_name_is_retried()
    {
        using var log = new RecordedLog();
        await Should.ThrowAsync<NpgsqlException>(StartAsync("no-such-host.invalid", 1, "0.00:00:01", log));
        log.Entries.ShouldHaveSingleItem().Message.ShouldContain("no-such-host.invalid");
    }

    /// <summary>With a time-out of none in the connection string, too.</summary>
    [Fact]
    public async Task Cancelled_start_ends_the_wait()
    {
        using var stop = new CancellationTokenSource();
        using var log = new RecordedLog();
        var start = StartAsync("127.0.0.1;Timeout=0", FreeAddress.Port(), "1.00:00:00", log, stop.Token);
        await Eventually.HoldsAsync(Deadline, "it says that it waits", () => log.Entries.Count > 0);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(start.WaitAsync(Deadline));
    }

    private static Task StartAsync(int port, string bound, RecordedLog log) => StartAsync("127.0.0.1", port, bound, log);

    private static async Task StartAsync(string host, int port, string bound, RecordedLog log, CancellationToken stop = default)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new(
                "ConnectionStrings:Monolith",
                string.Create(CultureInfo.InvariantCulture, $"Host={host};Port={port};Database=nowhere;Password=none")),
            new("Database:WaitAtStart", bound),
        ]).Build();
        await using var database = new ModuleDatabase("Customers", configuration);
        using var loggers = new LoggerFactory([log]);
        var logger = loggers.CreateLogger<DatabaseWait>();
        await new DatabaseWait([new RegisteredDatabase(database)], configuration, TimeProvider.System, logger).StartingAsync(stop);
    }
}
