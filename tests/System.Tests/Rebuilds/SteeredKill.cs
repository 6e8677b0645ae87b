using System.Diagnostics;
using System.Globalization;
using Monolith.System.Tests.Hosting;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests.Rebuilds;

/// <summary>
/// Kills a host at a chosen moment of a rebuild. A reader's lock keeps the rebuild at that moment. The host is frozen first, and
/// killed only if the database then shows that it is at that moment.
/// </summary>
/// <param name="site">Where it runs.</param>
/// <param name="host">The host.</param>
/// <param name="projection">What is rebuilt.</param>
internal sealed class SteeredKill(Site site, HostProcess host, string projection)
{
    private const int EventsToDrain = 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Operator operators = new(host.Url);

    private string View => $"orders_read.{projection.Split('.')[1]}";

    /// <summary>Brings the host to a moment and kills it there.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="customer">A customer that changes meanwhile.</param>
    /// <param name="random">Decides what the moment leaves open.</param>
    public Task InAsync(KillMoment moment, Guid customer, Random random) => moment switch
    {
        KillMoment.Building => WhileBuildingAsync(),
        KillMoment.Draining => WhileDrainingAsync(customer),
        KillMoment.Flipping => WhileFlippingAsync(),
        KillMoment.Dropping => WhileDroppingAsync(cancelled: random.Next(2) == 0),
        _ => throw new ArgumentOutOfRangeException(nameof(moment)),
    };

    private async Task WhileBuildingAsync()
    {
        while (true)
        {
            await SettledAsync();
            var number = await RebuildAsync();
            await using var reader = await HoldAsync(TableOf(number), "share");
            // The rebuild may have been faster than the lock. Then the next rebuild is tried.
            if (await IsFilledAsync(number))
                continue;
            await KillWhereAsync(async () => await WaitsForAsync(TableOf(number)) && !await IsFilledAsync(number));
            return;
        }
    }

    private async Task WhileDrainingAsync(Guid customer)
    {
        await SettledAsync();
        await using var reader = await HoldAsync(View, "access share");
        var number = await RebuildAsync();
        await Eventually.HoldsAsync(Timeout, async () => await IsBuiltAsync(number) ? null : $"generation {number} is not built");
        for (var i = 0; i < EventsToDrain; i++)
            await LoggedByHand.AppendAsync(
                site.Sql,
                "customers",
                customer,
                "customer.renamed.v1",
                $$"""{"customerId":"{{customer}}","firstName":"Zoë","lastName":"Drained-{{i}}"}""");
        await KillWhereAsync(async () => await IsBuiltAsync(number) && !await WaitsForAsync(View));
    }

    private async Task WhileFlippingAsync()
    {
        await SettledAsync();
        await using var reader = await HoldAsync(View, "access share");
        var number = await RebuildAsync();
        await KillWhereAsync(async () => await WaitsForAsync(View) && await IsBuiltAsync(number));
    }

    private async Task WhileDroppingAsync(bool cancelled)
    {
        await SettledAsync();
        var number = await RebuildAsync("""{"promote":"manual"}""");
        await Eventually.HoldsAsync(
            Timeout,
            async () => (await operators.ReportAsync(projection)).Of(number).State == "ready" ? null : $"generation {number} is not ready");
        if (!cancelled)
        {
            var live = (await operators.ReportAsync(projection)).Live!.Value;
            await operators.DoneAsync(operators.PromoteAsync(projection, number));
            number = live;
        }

        await using var reader = await HoldAsync(TableOf(number), "access share");
        await operators.DoneAsync(cancelled ? operators.CancelAsync(projection, number) : operators.DropAsync(projection, number));
        await KillWhereAsync(() => WaitsForAsync(TableOf(number)));
    }

    /// <summary>Waits until no operation of the projection runs. A generation that waits for an operator is cancelled.</summary>
    private Task SettledAsync() => Eventually.HoldsAsync(Timeout, async () =>
    {
        foreach (var ready in (await operators.ReportAsync(projection)).UnderWay.Where(generation => generation.State == "ready"))
            await operators.SendAsync(
                HttpMethod.Post,
                string.Create(CultureInfo.InvariantCulture, $"projections/{projection}/generations/{ready.Number}/cancel"));
        return await IsAsync(
            $"exists (select from orders_read.generations where projection = '{projection}' and (state in ('building', 'ready') or "
                + "state = 'retired' and promotion = 'auto'))")
            ? (await operators.ReportAsync(projection)).ToString() : null;
    });

    private async Task<int> RebuildAsync(string body = "{}") => (await operators.RebuildAsync(projection, body)).Generation!.Value;

    private string TableOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{View}_g{number}");

    /// <summary>
    /// Freezes the host when it seems to be at the moment. Its running statements continue, but no new ones start. If it is still
    /// at the moment, it is killed.
    /// </summary>
    private async Task KillWhereAsync(Func<Task<bool>> isThere)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Timeout)
        {
            if (!await isThere())
                continue;
            await host.Process.FreezeAsync();
            if (await isThere())
            {
                await host.Process.KillAsync();
                return;
            }

            await host.Process.ThawAsync();
        }

        throw new TimeoutException($"It was never seen there: {await operators.ReportAsync(projection)}");
    }

    /// <summary>Locks a table or view as a long read does, until disposed.</summary>
    private async Task<NpgsqlConnection> HoldAsync(string relation, string mode)
    {
        var connection = new NpgsqlConnection(site.Database);
        await connection.OpenAsync();
        await using var hold = new NpgsqlCommand($"begin; lock table {relation} in {mode} mode", connection);
        await hold.ExecuteNonQueryAsync();
        return connection;
    }

    private Task<bool> WaitsForAsync(string relation) => IsAsync(
        "exists (select from pg_locks where not granted and database = (select oid from pg_database where datname = "
            + $"current_database()) and relation = '{relation}'::regclass)");

    /// <summary>Whether a generation is still building, with all events applied that existed when it started.</summary>
    private Task<bool> IsBuiltAsync(int number) => IsAsync(string.Create(CultureInfo.InvariantCulture, $"""
        exists (
            select from orders_read.generations g where projection = '{projection}' and number = {number} and state = 'building' and targets is not null and
                (select sum(head::bigint) from jsonb_each(g.targets) as log, jsonb_array_elements_text(log.value) as head)
                    <= (select coalesce(sum(next_offset), 0) from orders_read.checkpoints c where c.projection = g.projection and c.generation = g.number))
        """));

    /// <summary>Whether any row of a generation has been stored.</summary>
    private Task<bool> IsFilledAsync(int number) =>
        IsAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"exists (select from orders_read.checkpoints where projection = '{projection}' and generation = {number} and "
                    + $"next_offset > 0)"));

    private async Task<bool> IsAsync(string condition)
    {
        await using var select = site.Sql.CreateCommand($"select {condition}");
        return (bool)(await select.ExecuteScalarAsync())!;
    }
}
