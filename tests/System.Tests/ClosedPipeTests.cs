using System.Text.Json;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests;

/// <summary>Verbs in a shell pipe whose reader exits: each ends without output, with the exit code of a closed pipe.</summary>
[Trait("Category", "System")]
public sealed class ClosedPipeTests(Servers servers)
{
    private const int OutputClosed = 141;

    // The verb's exit code is the one error line that the shell adds.
    private const string IntoHead = """{ "$@"; echo "exit $?" >&2; } | head -n 1""";
    private const string IntoNothing = """{ "$@"; echo "exit $?" >&2; } | true""";

    private const string Hold =
        "lock table orders_read.customers in access share mode; lock table orders_read.checkpoints in share mode";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("events tail")]
    [InlineData("events tail --json")]
    public async Task Tail_ends_when_head_closes_the_pipe(string line)
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        await using var verb = await PipedAsync(IntoHead, host.Url, line);

        await Eventually.HoldsAsync(Timeout, async () =>
        {
            await shop.RegisterAsync();
            return verb.Output.Count > 0 ? null : "a line is shown";
        });

        (await verb.ExitAsync(Timeout)).ShouldBe(0);
        verb.Output.Count.ShouldBe(1);
        verb.Errors.ShouldBe([$"exit {OutputClosed}"]);
    }

    [Theory]
    [InlineData("demo --rate 20")]
    [InlineData("demo --rate 20 --json")]
    [InlineData("events tail --json")]
    [InlineData("projections rebuild orders.customers")]
    [InlineData("projections rebuild orders.customers --json")]
    [InlineData("projections verify orders.customers --json")]
    public async Task Verb_that_waits_ends_with_its_reader(string line)
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        await new CliRunner(host.Url).RunAsync("demo --rate 50 --customers 3");
        await Health.BecomesHealthyAsync(host.Url, Timeout);
        // Nothing can be promoted or applied, so that the verb waits.
        await using var holder = await site.Sql.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand(Hold, holder, transaction))
            await hold.ExecuteNonQueryAsync();

        await using var verb = await PipedAsync(IntoNothing, host.Url, line);

        (await verb.ExitAsync(Timeout)).ShouldBe(0);
        verb.Output.ShouldBeEmpty();
        verb.Errors.ShouldBe([$"exit {OutputClosed}"]);
    }

    [Theory]
    [InlineData(IntoHead, "select generate_series(1, 100000000)")]
    [InlineData(IntoNothing, "select pg_sleep(600)")]
    public async Task Psql_ends_with_its_reader(string pipe, string sql)
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        using var data = new TemporaryFolder();
        await File.WriteAllTextAsync(data.Below("endpoints.json"), JsonSerializer.Serialize(new { postgres = site.Database }));

        await using var verb = await PipedAsync(pipe, null, "psql", "--data", data.Path, "--", "-At", "-v", "FETCH_COUNT=1000", "-c", sql);

        (await verb.ExitAsync(Timeout)).ShouldBe(0);
        verb.Errors.ShouldHaveSingleItem().ShouldBe($"exit {OutputClosed}");
    }

    [Theory]
    [InlineData("events list")]
    [InlineData("logs --json")]
    [InlineData("projections list")]
    [InlineData("health")]
    [InlineData("--help")]
    public async Task Verb_that_only_prints_ends_quietly(string line)
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();

        await using var verb = await PipedAsync(IntoNothing, line == "--help" ? null : host.Url, line);

        (await verb.ExitAsync(Timeout)).ShouldBe(0);
        verb.Errors.ShouldHaveSingleItem().ShouldBeOneOf($"exit {OutputClosed}", "exit 0");
    }

    private static Task<ChildProcess> PipedAsync(string pipe, Uri? host, string line) => PipedAsync(pipe, host, line.Split(' '));

    private static Task<ChildProcess> PipedAsync(string pipe, Uri? host, params string[] arguments) => ChildProcess.StartAsync(
        ["/bin/sh", "-c", pipe, "pipe", ChildProcess.Dotnet, CliProgram.File, .. arguments,
            .. host is null ? [] : new[] { "--url", host.AbsoluteUri }],
        AppContext.BaseDirectory,
        new Dictionary<string, string>());
}
