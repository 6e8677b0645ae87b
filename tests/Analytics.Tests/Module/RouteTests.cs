using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Monolith.Analytics.Tests.Logs;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Modules.Orders.Contracts;
using Monolith.Testing;

namespace Monolith.Analytics.Tests.Module;

/// <summary>The routes: invalid parameters, rebuilds, snapshots and broken stores.</summary>
[Trait("Category", "Module")]
public sealed class RouteTests : IAsyncLifetime
{
    private const string Orders = "analytics.orders";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Start = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly (string Route, string Name)[] Invalid =
    [
        ("revenue?by=planet", "by"),
        ("revenue?by=", "by"),
        ("revenue?by=day&by=month", "by"),
        ("revenue?currency=euro", "currency"),
        ("revenue?currency=EUR%27%20or%201=1", "currency"),
        ("revenue?from=1.2.2025", "from"),
        ("revenue?from=2025-02-30", "from"),
        ("revenue?from=2025-02-02&to=2025-02-02", "to"),
        ("revenue?by=customer&limit=0", "limit"),
        ("revenue?by=customer&limit=201", "limit"),
        ("revenue?by=customer&limit=ten", "limit"),
        ("orders?by=city", "by"),
        ("orders?to=never", "to"),
        ("funnel?currency=", "currency"),
        ("cohorts?from=%00", "from"),
        ("exports/orders.parquet?until=tomorrow", "until"),
        ("exports/events.parquet?until=2999-01-01", "until"),
    ];

    private readonly TemporaryFolder folder = new();
    private readonly MemoryLogs logs = new();
    private AnalyticsHost? host;

    private AnalyticsHost Host => host!;

    public async ValueTask InitializeAsync()
    {
        Place(10m, Start);
        host = await AnalyticsHost.StartAsync(logs, folder.Path);
        await host.UntilCurrentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Invalid_parameter_is_reported()
    {
        foreach (var (route, name) in Invalid)
        {
            using var answer = await Host.Http.GetAsync($"/api/v1/analytics/{route}");
            var text = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{route}: {text}");
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", route);
            ErrorsOf(text).ShouldBe([name], route);
        }
    }

    [Fact]
    public async Task All_invalid_parameters_are_reported_together()
    {
        using var answer = await Host.Http.GetAsync("/api/v1/analytics/revenue?by=x&from=x&to=x&currency=x");
        ErrorsOf(await answer.Content.ReadAsStringAsync()).ShouldBe(["by", "from", "to", "currency"], ignoreOrder: true);
    }

    [Fact]
    public async Task Rebuild_changes_no_figure_and_fails_no_read()
    {
        var control = Host.Services.GetRequiredKeyedService<IProjectionControl>(Orders);
        using var ends = new CancellationTokenSource();
        var reads = 0;
        var reading = Task.Run(async () =>
        {
            for (var last = 0m; !ends.IsCancellationRequested; Interlocked.Increment(ref reads))
            {
                var revenue = (await Host.RowsAsync("revenue?by=country")).Single().GetProperty("revenue").GetDecimal();
                revenue.ShouldBeGreaterThanOrEqualTo(last, "a report went back in time");
                last = revenue;
            }
        });
        var placed = 1;
        for (var i = 0; i < TestScale.Of(20); i++)
        {
            var readBefore = Volatile.Read(ref reads);
            var begun = await control.RebuildAsync(new RebuildRequest(Promotion.Auto, null, null), "test", CancellationToken.None);
            begun.Error.ShouldBeNull();
            Place(10m, Start.AddMinutes(placed++));
            await UntilDoneAsync(control, begun.Value.Id);
            await Eventually.HoldsAsync(
                Timeout, "reads continue", () => reading.IsFaulted || Volatile.Read(ref reads) > readBefore + 1);
        }

        await ends.CancelAsync();
        await reading;
        await Host.UntilCurrentAsync();
        (await Host.RowsAsync("revenue?by=country")).Single().GetProperty("revenue").GetDecimal().ShouldBe(10m * placed);
    }

    [Fact]
    public async Task Snapshot_reports_the_state_of_its_time()
    {
        Place(5m, Start.AddHours(2));
        var control = Host.Services.GetRequiredKeyedService<IProjectionControl>(Orders);
        var begun = await control.RebuildAsync(
            new RebuildRequest(Promotion.Auto, Start.AddHours(1), "then"), "test", CancellationToken.None);
        begun.Error.ShouldBeNull();
        await UntilDoneAsync(control, begun.Value.Id);
        await Host.UntilCurrentAsync();

        (await Host.RowsAsync("revenue?by=country&snapshot=then")).Single().GetProperty("revenue").GetDecimal().ShouldBe(10m);
        (await Host.RowsAsync("revenue?by=country")).Single().GetProperty("revenue").GetDecimal().ShouldBe(15m);
        using var unknown = await Host.Http.GetAsync("/api/v1/analytics/revenue?snapshot=never");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("snapshot-unknown");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Broken_or_missing_file_is_rebuilt_and_reported(bool gone)
    {
        await host!.DisposeAsync();
        var file = Directory.GetFiles(folder.Below(Orders), "g*.duckdb").ShouldHaveSingleItem();
        if (gone)
            File.Delete(file);
        else
            await File.WriteAllBytesAsync(file, new byte[100_000]);

        host = await AnalyticsHost.StartAsync(logs, folder.Path);
        await host.UntilCurrentAsync();

        (await host.RowsAsync("revenue?by=country")).Single().GetProperty("revenue").GetDecimal().ShouldBe(10m);
        var control = host.Services.GetRequiredKeyedService<IProjectionControl>(Orders);
        var generations = (await control.ReportAsync(CancellationToken.None)).Generations;
        generations.Single(generation => generation.Number == 1).State.ShouldBe(GenerationState.Failed);
        generations.Single(generation => generation.State == GenerationState.Live).Number.ShouldBe(2);
    }

    [Fact]
    public async Task Restart_continues_from_the_checkpoints()
    {
        await host!.DisposeAsync();
        Place(5m, Start.AddHours(2));

        host = await AnalyticsHost.StartAsync(logs, folder.Path);
        await host.UntilCurrentAsync();

        (await host.RowsAsync("revenue?by=country")).Single().GetProperty("revenue").GetDecimal().ShouldBe(15m);
        (await host.Services.GetRequiredKeyedService<IProjectionControl>(Orders).ReportAsync(CancellationToken.None)).Live.ShouldBe(1);
    }

    private void Place(decimal price, DateTimeOffset at)
    {
        var order = Guid.CreateVersion7();
        var address = new DeliveryAddress("Street 1", "1", "Berlin", "DE");
        logs.Append(new OrderPlaced(order, Guid.CreateVersion7(), "EUR", price, address, [new OrderLine("p-1", "Tea", 1, price)]), at);
    }

    private static Task UntilDoneAsync(IProjectionControl control, Guid operation) => Eventually.HoldsAsync(Timeout, async () =>
        (await control.OperationAsync(operation, CancellationToken.None))!.State is var state and not OperationState.Done
            ? $"the operation is {state}"
            : null);

    private static IEnumerable<string> ErrorsOf(string problem) =>
        JsonDocument.Parse(problem).RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name);
}
