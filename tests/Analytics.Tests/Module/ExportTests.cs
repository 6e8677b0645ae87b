using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Monolith.Analytics.Tests.Logs;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.Modules.Analytics.Infrastructure.Exports;
using Monolith.Modules.Analytics.Infrastructure.Projections;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;
using Monolith.Testing;

namespace Monolith.Analytics.Tests.Module;

/// <summary>Exports, read by an independent Parquet reader.</summary>
[Trait("Category", "Module")]
public sealed class ExportTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly DateTimeOffset Start = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ada = Guid.Parse("01900000-0000-7000-8000-00000000000a");
    private static readonly Guid Order = Guid.Parse("01900000-0000-7000-8000-0000000000f1");
    private static readonly Guid Later = Guid.Parse("01900000-0000-7000-8000-0000000000f2");

    private readonly TemporaryFolder folder = new();
    private readonly MemoryLogs logs = new();
    private AnalyticsHost? host;

    private AnalyticsHost Host => host!;

    public async ValueTask InitializeAsync()
    {
        var address = new DeliveryAddress("Street 1", "10117", "Berlin", "DE");
        logs.Append(new CustomerRegistered(Ada, "ada", "Ada", "Byron", "ada@example.org"), Start);
        logs.Append(new OrderPlaced(Order, Ada, "EUR", 37.50m, address, [new OrderLine("p-1", "Tea", 3, 12.50m)]), Start.AddHours(1));
        logs.Append(new CustomerRenamed(Ada, "Ada", "Lovelace"), Start.AddHours(2));
        logs.Append(new OrderPaid(Order, Ada, "EUR", 37.50m, "ref"), Start.AddHours(3));
        logs.Append(new CustomerDeactivated(Ada, "why"), Start.AddHours(4));
        logs.Append(new OrderCancelled(Order, Ada, "EUR", 37.50m, true, "why"), Start.AddHours(5));
        logs.Append(new OrderPlaced(Later, Ada, "JPY", 100m, address, [new OrderLine("p-1", "Tea", 1, 100m)]), Start.AddHours(6));
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
    public async Task Event_exports_waiting_for_the_transport_do_not_delay_others()
    {
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        logs.Answers = answers.Task;
        var events = Enumerable.Range(0, 2).Select(_ => Host.Http.GetAsync("/api/v1/analytics/exports/events.parquet")).ToArray();
        await Eventually.HoldsAsync(Timeout, "one export reads for both requests", () => logs.Followers == 1);

        foreach (var dataSet in new[] { "customers", "orders", "order-lines" })
            (await ExportAsync(dataSet)).Rows.ShouldNotBeEmpty();
        events.ShouldAllBe(export => !export.IsCompleted);

        answers.SetResult();
        foreach (var export in events)
            (await export).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Event_export_without_events_fails_with_a_reason()
    {
        logs.Answers = new TaskCompletionSource().Task;
        var rows = Host.Services.GetRequiredService<IParquetRows>();
        var export = new EventExport(logs, rows) { IdleTimeout = TimeSpan.FromMilliseconds(200) };

        var path = Path.Combine(folder.Path, "events.parquet");

        var heads = await export.HeadsAsync(TestContext.Current.CancellationToken);
        var error = await Should.ThrowAsync<EventsUnavailableException>(
            () => export.WriteAsync(path, heads, null, TestContext.Current.CancellationToken).WaitAsync(Timeout));

        var held = logs.All.Select(record => (record.Log, record.Partition)).Distinct().Count();
        error.Message.ShouldContain($"{held} partitions are incomplete");
        Directory.GetFiles(folder.Path, "events.parquet*").ShouldBeEmpty("nothing is left behind");
    }

    [Fact]
    public async Task Event_export_reports_deleted_records()
    {
        var empty = (await logs.HeadsAsync(OrdersTopic.Name, TestContext.Current.CancellationToken)).First(head => head.Value == 0).Key;
        logs.Deleted[empty] = new DeletedRecords(7, 7, "here", "nothing was in it");
        (await Host.Http.GetAsync("/api/v1/analytics/exports/events.parquet")).StatusCode.ShouldBe(
            HttpStatusCode.OK, "nothing is missing in a partition without events");

        // A new event makes the cached export stale.
        logs.Append(new CustomerReactivated(Ada, "why"), Start.AddHours(7));
        foreach (var at in logs.All.Select(record => new LogPartition(record.Log, record.Partition)))
            logs.Deleted[at] = new DeletedRecords(7, 7, "here", $"Records were deleted from the topic {at.Log}");
        var answer = await Host.Http.GetJson("/api/v1/analytics/exports/events.parquet");

        (answer.Status, answer.Slug, answer.ContentType).ShouldBe((503, "events-unavailable", "application/problem+json"));
        answer.Response.Headers.RetryAfter.ShouldNotBeNull();
        answer.Text.ShouldContain("Records were deleted from the topic ");
    }

    [Fact]
    public async Task Exports_of_events_of_different_times_run_together()
    {
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        logs.Answers = answers.Task;
        var exports = Enumerable.Range(3, 2).Select(hours => ExportAsync("events", Start.AddHours(hours))).ToArray();
        await Eventually.HoldsAsync(Timeout, "both exports read", () => logs.Followers == 2);

        answers.SetResult();

        (await exports[1]).Rows.Count.ShouldBe((await exports[0]).Rows.Count + 1);
    }

    [Fact]
    public async Task Abandoned_exports_of_a_silent_transport_time_out()
    {
        using var otherFolder = new TemporaryFolder();
        await using var otherHost = await AnalyticsHost.StartAsync(logs, otherFolder.Path, idleTimeout: TimeSpan.FromSeconds(1));
        await otherHost.UntilCurrentAsync();
        logs.Answers = new TaskCompletionSource().Task;
        for (var i = 1; i <= 4; i++)
        {
            using var gone = new CancellationTokenSource();
            var export = otherHost.Http.GetAsync($"/api/v1/analytics/exports/events.parquet?until=2025-03-0{i}T00:00:00Z", gone.Token);
            await Eventually.HoldsAsync(Timeout, $"export {i} reads", () => logs.Followers == i);
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => export);
        }

        await Eventually.HoldsAsync(
            Timeout, "nothing is left", () => Directory.GetFiles(otherFolder.Below("analytics.exports"), "*.parquet*").Length == 0);
    }

    [Fact]
    public async Task Failed_export_fails_all_waiting_requests()
    {
        using var otherFolder = new TemporaryFolder();
        await using var otherHost = await AnalyticsHost.StartAsync(logs, otherFolder.Path, idleTimeout: TimeSpan.FromSeconds(1));
        await otherHost.UntilCurrentAsync();
        logs.Answers = new TaskCompletionSource().Task;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => otherHost.Http.GetJson("/api/v1/analytics/exports/events.parquet")));

        answers.ShouldAllBe(answer => answer.Status == 503 && answer.Slug == "events-unavailable");
        answers[0].Text.ShouldContain("No event arrived for 1 s");
    }

    [Fact]
    public async Task Abandoned_export_is_finished_for_the_next_request()
    {
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        logs.Answers = answers.Task;
        using var gone = new CancellationTokenSource();
        using var head = new HttpRequestMessage(HttpMethod.Head, "/api/v1/analytics/exports/events.parquet");
        var abandoned = Host.Http.SendAsync(head, gone.Token);
        await Eventually.HoldsAsync(Timeout, "the export reads", () => logs.Followers == 1);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => abandoned);

        answers.SetResult();

        (await ExportAsync("events")).Rows.Count.ShouldBe(logs.All.Count);
        logs.Followers.ShouldBe(1, "the file was not written twice");
    }

    [Fact]
    public async Task Exports_waiting_for_a_slot_do_not_delay_reports()
    {
        var slots = await AcquireSlotsAsync();
        var exports = Enumerable.Range(1, 10).Select(hours => ExportAsync("orders", Start.AddHours(hours))).ToArray();

        var reports = Enumerable.Range(0, 5).Select(_ => Host.RowsAsync("revenue"));
        await Task.WhenAll(reports).WaitAsync(Host.Services.GetRequiredService<ExportFolder>().SlotTimeout / 2);
        exports.ShouldAllBe(export => !export.IsCompleted);

        slots.ForEach(slot => slot.Dispose());
        await Task.WhenAll(exports);
    }

    [Fact]
    public async Task Requests_for_one_export_need_one_slot()
    {
        var slots = await AcquireSlotsAsync();
        var requests = Enumerable.Range(0, 6).Select(_ => Host.Http.GetAsync("/api/v1/analytics/exports/customers.parquet")).ToArray();

        slots[0].Dispose();

        var answers = await Task.WhenAll(requests);
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        answers.Select(answer => answer.Headers.ETag).Distinct().ShouldHaveSingleItem();
        Directory.GetFiles(folder.Below("analytics.exports"), "*.parquet").ShouldHaveSingleItem();
        slots[1].Dispose();
    }

    [Fact]
    public async Task Shutdown_cancels_a_running_export()
    {
        logs.Answers = new TaskCompletionSource().Task;
        using var gone = new CancellationTokenSource();
        var export = Host.Http.GetAsync("/api/v1/analytics/exports/events.parquet", gone.Token);
        await Eventually.HoldsAsync(Timeout, "the export reads", () => logs.Followers == 1);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => export);

        await Host.DisposeAsync().AsTask().WaitAsync(Timeout);

        host = null;
        Directory.GetFiles(folder.Below("analytics.exports"), "*.parquet*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Files_of_a_killed_process_are_deleted_at_startup()
    {
        using var other = new TemporaryFolder();
        var left = Path.Combine(Directory.CreateDirectory(other.Below("analytics.exports")).FullName, "left.parquet");
        await File.WriteAllTextAsync(left, "personal data");

        await using var next = await AnalyticsHost.StartAsync(new MemoryLogs(), other.Path);

        File.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public async Task Export_folder_deleted_while_running_is_recreated()
    {
        var rows = (await ExportAsync("customers")).Rows.Count;
        Directory.Delete(folder.Below("analytics.exports"), recursive: true);

        (await ExportAsync("customers")).Rows.Count.ShouldBe(rows);
        (await ExportAsync("events")).Rows.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Orders_export_has_steps_and_customer_then_and_now()
    {
        var file = await ExportAsync("orders");

        file.Columns.ShouldBe(
        [
            "order_id String", "customer_id String", "currency String", "digits Int32", "total Decimal", "units Int32", "city String",
            "country String", "status String", "placed_at DateTime", "paid_at DateTime", "shipped_at DateTime", "cancelled_at DateTime",
            "customer_name_then String", "customer_status_then String", "customer_name String", "customer_status String",
        ]);
        var order = file.Rows.Single(row => (string)row["order_id"]! == Order.ToString());
        order["total"].ShouldBe(37.50m);
        order["status"].ShouldBe("cancelled");
        order["placed_at"].ShouldBe(Start.AddHours(1).UtcDateTime);
        order["shipped_at"].ShouldBeNull();
        (order["customer_name_then"], order["customer_status_then"]).ShouldBe(("Ada Byron", "active"));
        (order["customer_name"], order["customer_status"]).ShouldBe(("Ada Lovelace", "inactive"));
        file.Rows.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Export_as_of_a_time_excludes_later_events()
    {
        var order = (await ExportAsync("orders", Start.AddHours(3))).Rows.ShouldHaveSingleItem();
        order["status"].ShouldBe("paid");
        order["paid_at"].ShouldBe(Start.AddHours(3).UtcDateTime);
        order["cancelled_at"].ShouldBeNull();
        (order["customer_name"], order["customer_status"]).ShouldBe(("Ada Lovelace", "active"));
        (await ExportAsync("orders", Start.AddHours(2.9))).Rows.ShouldHaveSingleItem()["status"].ShouldBe("placed");
        (await ExportAsync("order-lines", Start.AddHours(5))).Rows.ShouldHaveSingleItem()["amount"].ShouldBe(37.50m);
        (await ExportAsync("orders", Start)).Rows.ShouldBeEmpty();

        var customers = (await ExportAsync("customers", Start.AddHours(1))).Rows.ShouldHaveSingleItem();
        (customers["name"], customers["valid_to"], customers["is_current"]).ShouldBe(("Ada Byron", null, true));
        (await ExportAsync("events", Start.AddHours(4))).Rows.Select(row => row["type"]).ShouldBe(
            ["customer.registered.v1", "customer.renamed.v1", "customer.deactivated.v1", "order.placed.v1", "order.paid.v1"],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Customers_export_has_a_row_per_period()
    {
        var file = await ExportAsync("customers");

        file.Columns.ShouldBe(
        [
            "customer_id String", "username String", "registered_at DateTime", "name String", "status String", "valid_from DateTime",
            "valid_to DateTime", "is_current Boolean",
        ]);
        var periods = file.Rows.OrderBy(row => row["valid_from"])
            .Select(row => ((string)row["name"]!, (string)row["status"]!, (bool)row["is_current"]!));
        periods.ShouldBe(
            [("Ada Byron", "active", false), ("Ada Lovelace", "active", false), ("Ada Lovelace", "inactive", true)]);
    }

    [Fact]
    public async Task Lines_hold_exact_amounts()
    {
        var file = await ExportAsync("order-lines");

        file.Columns.ShouldBe(
        [
            "order_id String", "line Int32", "product_id String", "name String", "quantity Int32", "unit_price Decimal", "amount Decimal",
            "currency String", "digits Int32", "placed_at DateTime",
        ]);
        file.Rows.Select(row => ((decimal)row["unit_price"]!, (decimal)row["amount"]!, (int)row["digits"]!)).ShouldBe(
            [(12.50m, 37.50m, 2), (100m, 100m, 0)], ignoreOrder: true);
    }

    [Fact]
    public async Task Events_are_those_of_the_logs()
    {
        var file = await ExportAsync("events");

        file.Columns.ShouldBe(
        [
            "log String", "partition Int32", "offset Int64", "event_id String", "stream_id String", "stream_version Int64", "type String",
            "occurred_at DateTime", "actor String", "correlation_id String", "causation_id String", "traceparent String", "data String",
        ]);
        file.Rows.Select(row => $"{row["log"]} {row["partition"]} {row["offset"]} {row["event_id"]} {row["data"]}").ShouldBe(
            logs.All.Select(record =>
                $"{record.Log} {record.Partition} {record.Offset} {record.EventId} {Encoding.UTF8.GetString(record.Data.Span)}"),
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("events", 1), InlineData("orders", 4), InlineData("order-lines", 1), InlineData("customers", 3)]
    public async Task Exported_times_are_declared_as_utc(string dataSet, int times)
    {
        var file = await ExportAsync(dataSet);

        file.Columns.Count(column => column.EndsWith(" DateTime", StringComparison.Ordinal)).ShouldBe(times);
        file.LocalTimes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Exported_times_do_not_depend_on_the_time_zone()
    {
        using var session = await Host.Services.GetRequiredService<IDuckDbReads>().OpenAsync(
            [OrderProjection.Name, CustomerProjection.Name], CancellationToken.None);
        session.Query("set TimeZone = 'Asia/Tokyo'", [], CancellationToken.None).ToList().ShouldBeEmpty();
        var path = Path.Combine(folder.Path, "tokyo.parquet");

        session.WriteParquet(ExportQueries.Orders(session, null), path, CancellationToken.None);

        var file = await ParquetFile.ReadAsync(await File.ReadAllBytesAsync(path));
        file.Rows.Select(row => row["placed_at"]).ShouldBe(
            [Start.AddHours(1).UtcDateTime, Start.AddHours(6).UtcDateTime], ignoreOrder: true);
    }

    /// <summary>The cost must not be the product of the numbers of orders and customers.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task Export_queries_use_hash_joins(bool asOfATime)
    {
        DateTimeOffset? until = asOfATime ? Start.AddHours(3) : null;
        using var session = await Host.Services.GetRequiredService<IDuckDbReads>().OpenAsync(
            [OrderProjection.Name, CustomerProjection.Name], CancellationToken.None);
        string[] queries =
            [ExportQueries.Orders(session, until), ExportQueries.OrderLines(session, until), ExportQueries.Customers(session, until)];
        foreach (var query in queries)
            PlanOf(session, query).ShouldNotMatch("NL_JOIN|NESTED_LOOP|CROSS_PRODUCT");
        PlanOf(session, ExportQueries.Orders(session, until)).ShouldContain("HASH_JOIN");
        var orders = session.Table(OrderProjection.Name, OrderTables.Orders);
        var lines = session.Table(OrderProjection.Name, OrderTables.Lines);
        PlanOf(session, $"select * from {orders} o join {lines} l on o.total > l.amount or o.units = 1")
            .ShouldContain("NL_JOIN", customMessage: "the check detects a nested-loop join");
    }

    private static string PlanOf(DuckDbSession session, string query) =>
        string.Concat(session.Query($"explain {query}", [], CancellationToken.None).Select(line => line.Skip().Text()));

    [Fact]
    public async Task Export_without_events_has_columns_and_no_rows()
    {
        using var other = new TemporaryFolder();
        await using var empty = await AnalyticsHost.StartAsync(new MemoryLogs(), other.Path);
        await empty.UntilCurrentAsync();
        foreach (var dataSet in new[] { "events", "orders", "order-lines", "customers" })
        {
            var file = await ParquetFile.ReadAsync(await empty.Http.GetByteArrayAsync($"/api/v1/analytics/exports/{dataSet}.parquet"));
            file.Columns.ShouldNotBeEmpty();
            file.Rows.ShouldBeEmpty();
        }
    }

    [Theory, InlineData("2999-01-01"), InlineData("yesterday")]
    public async Task Invalid_or_future_time_is_rejected(string until)
    {
        var answer = await Host.Http.GetAsync($"/api/v1/analytics/exports/orders.parquet?until={until}");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"until\"");
    }

    [Fact]
    public async Task Abandoned_export_leaves_no_partial_file()
    {
        for (var i = 0; i < 10; i++)
        {
            using var hangsUp = new CancellationTokenSource();
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"/api/v1/analytics/exports/{(i % 2 == 0 ? "events" : "orders")}.parquet");
            var answer = Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, hangsUp.Token);
            if (i % 3 == 0)
                (await answer).Dispose();
            await hangsUp.CancelAsync();
            await answer.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await Eventually.HoldsAsync(TimeSpan.FromSeconds(20), "finished files are left alone",
            () => Left().All(file => Path.GetExtension(file) == ".parquet") && Left().Length <= ExportCache.MaxFiles);
        await Host.DisposeAsync();
        host = null;
        Left().ShouldBeEmpty();

        string[] Left() =>
            [.. Directory.GetFiles(folder.Below("analytics.exports")).Where(file => Path.GetFileName(file) is not ("lock" or "instance"))];
    }

    /// <summary>Acquires all slots of exports of facts.</summary>
    private async Task<List<ExportFolder.NewFile>> AcquireSlotsAsync()
    {
        var exports = Host.Services.GetRequiredService<ExportFolder>();
        var slots = new List<ExportFolder.NewFile>();
        for (var i = 0; i < 2; i++)
            slots.Add((await exports.AcquireAsync(ofEvents: false, TestContext.Current.CancellationToken)).Value);
        return slots;
    }

    private async Task<ParquetFile> ExportAsync(string dataSet, DateTimeOffset? until = null)
    {
        using var answer = await Host.Http.GetAsync(
            $"/api/v1/analytics/exports/{dataSet}.parquet{(until is { } time ? $"?until={time:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "")}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.apache.parquet");
        return await ParquetFile.ReadAsync(await answer.Content.ReadAsByteArrayAsync());
    }
}
