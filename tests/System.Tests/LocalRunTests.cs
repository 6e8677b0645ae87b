using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests;

/// <summary><c>./run</c> and its private servers when one of them stops.</summary>
[Trait("Category", "System")]
public sealed class LocalRunTests
{
    private const string AnyPort = "0";

    private static readonly TimeSpan RecoveredWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GivesUpWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Run_restarts_killed_servers_and_recovers()
    {
        Required.Kafka();
        using var folder = new TemporaryFolder();
        await using var run = await LocalRun.StartAsync(folder.Path, "local", "--port", AnyPort, "--kafka");
        var (postgres, kafka, addresses) = (run.PostgresId, run.KafkaId, (run.Host, run.Postgres, run.Kafka));
        await Health.BecomesHealthyAsync(run.Host, RecoveredWithin);
        var customer = await new Shop(run.Host).RegisterAsync();

        await ChildProcess.SignalAsync(postgres, "KILL");
        await RestartsAsync(run, "PostgreSQL stopped unexpectedly (signal 9); restarting it (attempt 1 of 5).");
        await ChildProcess.SignalAsync(kafka, "KILL");
        await RestartsAsync(run, "Kafka stopped unexpectedly (signal 9); restarting it (attempt 1 of 5).");

        await Health.BecomesHealthyAsync(run.Host, RecoveredWithin);
        await new Shop(run.Host).PlaceAsync(customer);
        (run.Host, run.Postgres, run.Kafka).ShouldBe(addresses);
        run.PostgresId.ShouldNotBe(postgres);
        run.KafkaId.ShouldNotBe(kafka);
    }

    [Fact]
    public async Task Run_exits_with_one_line_when_a_server_stays_down()
    {
        Required.Kafka();
        using var folder = new TemporaryFolder();
        await using var run = await LocalRun.StartAsync(folder.Path, "local", "--port", AnyPort, "--kafka");
        var everything = ProcessTree.Below(run.Process.Id);
        File.Delete(Path.Combine(folder.Path, "postgres", "cluster", "data", "global", "pg_control"));

        await ChildProcess.SignalAsync(run.PostgresId, "KILL");

        (await run.Process.ExitAsync(GivesUpWithin)).ShouldBe(1, run.Process.Tail(10));
        run.Process.Errors.Count(line => line.Contains("restarting it (attempt ", StringComparison.Ordinal)).ShouldBe(5);
        var last = run.Process.Errors.Last();
        last.ShouldStartWith("PostgreSQL does not stay up after 5 restarts: PostgreSQL did not start: ");
        last.ShouldContain("pg_control");
        everything.Where(ProcessTree.IsAlive).ShouldBeEmpty();
    }

    [Fact]
    public async Task Services_restart_killed_servers()
    {
        using var folder = new TemporaryFolder();
        await using var run = await LocalRun.StartAsync(folder.Path, "services");

        await ChildProcess.SignalAsync(run.PostgresId, "KILL");

        await RestartsAsync(run, "PostgreSQL stopped unexpectedly (signal 9); restarting it (attempt 1 of 5).");
        await Eventually.HoldsAsync(RecoveredWithin, async () =>
        {
            await using var connection = new NpgsqlConnection(run.Postgres + ";Pooling=false");
            await connection.OpenAsync();
            return null;
        });
    }

    [Fact]
    public async Task Deliberate_stop_restarts_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var run = await LocalRun.StartAsync(folder.Path, "local", "--port", AnyPort);
        var everything = ProcessTree.Below(run.Process.Id);
        var postgres = run.PostgresId;

        // A machine shutdown sends signals to the servers too.
        await run.Process.TerminateAsync();
        await ChildProcess.SignalAsync(postgres, "INT");

        (await run.Process.ExitAsync(StopsWithin)).ShouldBe(0, run.Process.Tail(10));
        run.Process.Errors.ShouldNotContain(line => line.Contains("restarting", StringComparison.Ordinal));
        everything.Where(ProcessTree.IsAlive).ShouldBeEmpty();
    }

    private static Task RestartsAsync(LocalRun run, string line) => Eventually.HoldsAsync(
        RecoveredWithin, $"it wrote \"{line}\"", () => run.Process.Errors.Count(error => error == line) == 1);
}
