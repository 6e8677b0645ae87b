using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Monolith.BuildingBlocks.LocalServers;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.LocalServers.Tests;

[Trait("Category", "Module")]
public sealed class PostgresClusterTests
{
    private static readonly TimeSpan RestartedWithin = TimeSpan.FromSeconds(30);

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Committed_rows_survive_a_kill_and_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await PostgresCluster.StartAsync(new() { DataDirectory = folder.Path }, cancellation);
        var (port, process) = (cluster.Port, cluster.ProcessId);
        await ExecuteAsync(cluster, "create table kept (id int); insert into kept values (42)");

        cluster.Kill();
        ProcessTable.IsAlive(process).ShouldBeFalse();
        await cluster.RestartAsync(cancellation);

        cluster.Port.ShouldBe(port);
        (await ExecuteAsync(cluster, "select id from kept")).ShouldBe(42);

        await cluster.RestartAsync(cancellation);
        (await ExecuteAsync(cluster, "select id from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task Killed_server_is_restarted()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await PostgresCluster.StartAsync(new() { DataDirectory = folder.Path }, cancellation);
        var connection = cluster.ConnectionString;
        await ExecuteAsync(cluster, "create table kept (id int)");
        using var stop = new CancellationTokenSource();
        var reports = new ConcurrentQueue<string>();
        var restarter = new ServerRestarter(cluster, reports.Enqueue, TimeProvider.System).RunAsync(stop.Token);

        ProcessTable.Kill(cluster.ProcessId);
        await Eventually.HoldsAsync(RestartedWithin, async () =>
        {
            reports.ShouldNotBeEmpty();
            (await ExecuteAsync(cluster, "select count(*) from kept")).ShouldBe(0L);
            return null;
        }, cancellation);
        await stop.CancelAsync();
        await restarter;

        reports.ShouldBe(["PostgreSQL stopped unexpectedly (signal 9); restarting it (attempt 1 of 5)."]);
        cluster.ConnectionString.ShouldBe(connection);
    }

    [Fact]
    public async Task Server_can_be_restarted_and_disposed_after_a_failed_restart()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await StartAsync(folder.Path);
        var control = Path.Combine(folder.Path, "cluster", "data", "global", "pg_control");
        File.Move(control, control + ".away");
        cluster.Kill();
        await Should.ThrowAsync<LocalServerException>(() => cluster.RestartAsync(cancellation));

        File.Move(control + ".away", control);
        await cluster.RestartAsync(cancellation);

        (await ExecuteAsync(cluster, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Second_start_finds_data_password_and_port()
    {
        using var folder = new TemporaryFolder();
        string connection;
        await using (var first = await StartAsync(folder.Path))
        {
            connection = first.ConnectionString;
            await ExecuteAsync(first, "create table kept (id int)");
        }

        await using var second = await StartAsync(folder.Path);
        second.ConnectionString.ShouldBe(connection);
        (await ExecuteAsync(second, "select count(*) from kept")).ShouldBe(0L);
    }

    [Fact]
    public async Task Nothing_runs_after_disposal()
    {
        using var folder = new TemporaryFolder();
        var cluster = await StartAsync(folder.Path);
        var process = cluster.ProcessId;

        await cluster.DisposeAsync();

        ProcessTable.IsAlive(process).ShouldBeFalse();
        ProcessTable.Mentioning(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Folder_in_use_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await StartAsync(folder.Path);

        var refusal = await Should.ThrowAsync<LocalServerException>(
            () => PostgresCluster.StartAsync(new() { DataDirectory = folder.Path }, cancellation));

        refusal.Message.ShouldBe($"{folder.Path} is in use by another running instance: stop that one, or choose another data folder.");
    }

    [Fact]
    public async Task Taken_port_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var options = new PostgresClusterOptions { DataDirectory = folder.Path, Port = port, Durable = false };
        var refusal = await Should.ThrowAsync<LocalServerException>(() => PostgresCluster.StartAsync(options, cancellation));

        refusal.Message.ShouldBe($"Port {port} is taken: PostgreSQL cannot listen on it; choose another one.");
        ProcessTable.Mentioning(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Failed_start_is_explained_in_one_line()
    {
        using var folder = new TemporaryFolder();
        await (await StartAsync(folder.Path)).DisposeAsync();
        File.Delete(Path.Combine(folder.Path, "cluster", "data", "global", "pg_control"));

        var refusal = await Should.ThrowAsync<LocalServerException>(
            () => PostgresCluster.StartAsync(new() { DataDirectory = folder.Path }, cancellation));

        refusal.Message.ShouldStartWith("PostgreSQL did not start: ");
        refusal.Message.ShouldContain("pg_control");
        refusal.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Wrong_password_is_refused()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await StartAsync(folder.Path);
        File.GetUnixFileMode(Path.Combine(folder.Path, "password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var guess = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(guess.ConnectionString);

        var refusal = await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync(cancellation));
        refusal.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task Unreachable_data_folder_of_root_gets_a_cluster_elsewhere()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root runs the server as another user.");
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var data = Path.Combine(folder.Path, "data");
        string elsewhere;

        await using (var cluster = await StartAsync(data))
        {
            cluster.IsElsewhere.ShouldBeTrue();
            elsewhere = cluster.ClusterDirectory;
            await ExecuteAsync(cluster, "create table kept (id int)");
        }

        await using (var again = await StartAsync(data))
            (await ExecuteAsync(again, "select count(*) from kept")).ShouldBe(0L);
        Directory.Delete(elsewhere, recursive: true);
    }

    private Task<PostgresCluster> StartAsync(string folder) =>
        PostgresCluster.StartAsync(new() { DataDirectory = folder, Durable = false }, cancellation);

    private async Task<object?> ExecuteAsync(PostgresCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }
}
