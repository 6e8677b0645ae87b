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

/// <summary>Exports as an independent reader finds them.</summary>
[Trait("Category", "Module")]
public sealed class ExportTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
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
    public async Task Exports_of_events_that_wait_for_the_transport_keep_no_other_waiting()
    {
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        logs.Answers = answers.Task;
        var events = Enumerable.Range(0, 2).Select(_ => Host.Http.GetAsync("/api/v1/analytics/exports/events.parquet")).ToArray();
        await Eventually.HoldsAsync(Patience, "one export reads, for both requests", () => logs.Followers == 1);

        foreach (var kind in new[] { "customers", "orders", "order-lines" })
            (await ExportAsync(kind)).Rows.ShouldNotBeEmpty();
        events.ShouldAllBe(export => !export.IsCompleted);

        answers.SetResult();
        foreach (var export in events)
            (await export).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Export_of_events_that_do_not_come_ends_with_a_reason()
    {
        logs.Answers = new TaskCompletionSource().Task;
        var export = new EventExport(logs, Host.Services.GetRequiredService<IParquetRows>()) { IdleTimeout = TimeSpan.FromMilliseconds(200) };

        var path = Path.Combine(folder.Path, "events.parquet");

        var heads = await export.HeadsAsync(TestContext.Current.CancellationToken);
        var error = await Should.ThrowAsync<EventsUnavailableException>(
            () => export.WriteAsync(path, heads, null, TestContext.Current.CancellationToken).WaitAsync(Patience));

        var held = logs.All.Select(record => (record.Log, record.Partition)).Distinct().Count();
        error.Message.ShouldContain($"{held} partitions are incomplete");
        Directory.GetFiles(folder.Path, "events.parquet*").ShouldBeEmpty("nothing is left behind");
    }

    [Fact]
    public async Task Export_of_events_whose_records_were_deleted_names_them()
    {
        var empty = (await logs.HeadsAsync(OrdersTopic.Name, TestContext.Current.CancellationToken)).First(head => head.Value == 0).Key;
        logs.Deleted[empty] = new DeletedRecords(7, 7, "here", "nothing was in it");
        (await Host.Http.GetAsync("/api/v1/analytics/exports/events.parquet")).StatusCode.ShouldBe(HttpStatusCode.OK, "of a partition without events nothing is missing");

        // A new event, so that the kept export is no longer that of the present state.
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
        await Eventually.HoldsAsync(Patience, "both exports read", () => logs.Followers == 2);

        answers.SetResult();

        (await exports[1]).Rows.Count.ShouldBe((await exports[0]).Rows.Count + 1);
    }

    [Fact]
    public async Task Abandoned_exports_of_a_silent_transport_end()
    {
        using var other = new TemporaryFolder();
        await using var impatient = await AnalyticsHost.StartAsync(logs, other.Path, idleTimeout: TimeSpan.FromSeconds(1));
        await impatient.UntilCurrentAsync();
        logs.Answers = new TaskCompletionSource().Task;
        for (var i = 1; i <= 4; i++)
        {
            using var gone = new CancellationTokenSource();
            var export = impatient.Http.GetAsync($"/api/v1/analytics/exports/events.parquet?until=2025-03-0{i}T00:00:00Z", gone.Token);
            await Eventually.HoldsAsync(Patience, $"export {i} reads", () => logs.Followers == i);
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => export);
        }

        await Eventually.HoldsAsync(Patience, "nothing is left", () => Directory.GetFiles(other.Below("analytics.exports"), "*.parquet*").Length == 0);
    }

    [Fact]
    public async Task Failure_of_an_export_is_that_of_all_who_wait()
    {
        using var other = new TemporaryFolder();
        await using var impatient = await AnalyticsHost.StartAsync(logs, other.Path, idleTimeout: TimeSpan.FromSeconds(1));
        await impatient.UntilCurrentAsync();
        logs.Answers = new TaskCompletionSource().Task;

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => impatient.Http.GetJson("/api/v1/analytics/exports/events.parquet")));

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
        await Eventually.HoldsAsync(Patience, "the export reads", () => logs.Followers == 1);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => abandoned);

        answers.SetResult();

        (await ExportAsync("events")).Rows.Count.ShouldBe(logs.All.Count);
        logs.Followers.ShouldBe(1, "the file was not written twice");
    }

    [Fact]
    public async Task Exports_that_wait_for_a_turn_keep_no_report_waiting()
    {
        var turns = await TakeTurnsAsync();
        var exports = Enumerable.Range(1, 10).Select(hours => ExportAsync("orders", Start.AddHours(hours))).ToArray();

        var reports = Enumerable.Range(0, 5).Select(_ => Host.RowsAsync("revenue"));
        await Task.WhenAll(reports).WaitAsync(Host.Services.GetRequiredService<ExportFolder>().SlotTimeout / 2);
        exports.ShouldAllBe(export => !export.IsCompleted);

        turns.ForEach(turn => turn.Dispose());
        await Task.WhenAll(exports);
    }

    [Fact]
    public async Task Requests_for_one_export_need_one_turn()
    {
        var turns = await TakeTurnsAsync();
        var requests = Enumerable.Range(0, 6).Select(_ => Host.Http.GetAsync("/api/v1/analytics/exports/customers.parquet")).ToArray();

        turns[0].Dispose();

        var answers = await Task.WhenAll(requests);
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        answers.Select(answer => answer.Headers.ETag).Distinct().ShouldHaveSingleItem();
        Directory.GetFiles(folder.Below("analytics.exports"), "*.parquet").ShouldHaveSingleItem();
        turns[1].Dispose();
    }

    [Fact]
    public async Task Running_export_ends_with_the_host()
    {
        logs.Answers = new TaskCompletionSource().Task;
        using var gone = new CancellationTokenSource();
        var export = Host.Http.GetAsync("/api/v1/analytics/exports/events.parquet", gone.Token);
        await Eventually.HoldsAsync(Patience, "the export reads", () => logs.Followers == 1);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => export);

        await Host.DisposeAsync().AsTask().WaitAsync(Patience);

        host = null;
        Directory.GetFiles(folder.Below("analytics.exports"), "*.parquet*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Files_of_a_killed_process_are_deleted_at_start()
    {
        using var other = new TemporaryFolder();
        var left = Path.Combine(Directory.CreateDirectory(other.Below("analytics.exports")).FullName, "left.parquet");
        await File.WriteAllTextAsync(left, "personal data");

        await using var next = await AnalyticsHost.StartAsync(new MemoryLogs(), other.Path);

        File.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public async Task Export_folder_deleted_while_running_is_made_again()
    {
        var rows = (await ExportAsync("customers")).Rows.Count;
        Directory.Delete(folder.Below("analytics.exports"), recursive: true);

        (await ExportAsync("customers")).Rows.Count.ShouldBe(rows);
        (await ExportAsync("events")).Rows.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Orders_hold_their_steps_and_the_customer_then_and_now()
    {
        var file = await ExportAsync("orders");

        file.Columns.ShouldBe(
        [
            "order_id String", "customer_id String", "currency String", "digits Int32", "total Decimal", "units Int32", "city String", "country String", "status String", "placed_at DateTime",
            "paid_at DateTime", "shipped_at DateTime", "cancelled_at DateTime", "customer_name_then String", "customer_status_then String", "customer_name String", "customer_status String",
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
    public async Task As_of_a_time_nothing_shows_that_happened_after_it()
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
            ["customer.registered.v1", "customer.renamed.v1", "customer.deactivated.v1", "order.placed.v1", "order.paid.v1"], ignoreOrder: true);
    }

    [Fact]
    public async Task Customers_hold_each_time_in_which_they_did_not_change()
    {
        var file = await ExportAsync("customers");

        file.Columns.ShouldBe(["customer_id String", "username String", "registered_at DateTime", "name String", "status String", "valid_from DateTime", "valid_to DateTime", "is_current Boolean"]);
        file.Rows.OrderBy(row => row["valid_from"]).Select(row => ((string)row["name"]!, (string)row["status"]!, (bool)row["is_current"]!)).ShouldBe(
            [("Ada Byron", "active", false), ("Ada Lovelace", "active", false), ("Ada Lovelace", "inactive", true)]);
    }

    [Fact]
    public async Task Lines_hold_exact_amounts()
    {
        var file = await ExportAsync("order-lines");

        file.Columns.ShouldBe(["order_id String", "line Int32", "product_id String", "name String", "quantity Int32", "unit_price Decimal", "amount Decimal", "currency String", "digits Int32", "placed_at DateTime"]);
        file.Rows.Select(row => ((decimal)row["unit_price"]!, (decimal)row["amount"]!, (int)row["digits"]!)).ShouldBe([(12.50m, 37.50m, 2), (100m, 100m, 0)], ignoreOrder: true);
    }

    [Fact]
    public async Task Events_are_those_of_the_logs()
    {
        var file = await ExportAsync("events");

        file.Columns.ShouldBe(
        [
            "log String", "partition Int32", "offset Int64", "event_id String", "stream_id String", "stream_version Int64", "type String", "occurred_at DateTime", "actor String", "correlation_id String",
            "causation_id String", "traceparent String", "data String",
        ]);
        file.Rows.Select(row => $"{row["log"]} {row["partition"]} {row["offset"]} {row["event_id"]} {row["data"]}").ShouldBe(
            logs.All.Select(record => $"{record.Log} {record.Partition} {record.Offset} {record.EventId} {Encoding.UTF8.GetString(record.Data.Span)}"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("events", 1), InlineData("orders", 4), InlineData("order-lines", 1), InlineData("customers", 3)]
    public async Task Exported_times_are_declared_as_utc(string kind, int times)
    {
        var file = await ExportAsync(kind);

        file.Columns.Count(column => column.EndsWith(" DateTime", StringComparison.Ordinal)).ShouldBe(times);
        file.LocalTimes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Exported_times_do_not_depend_on_the_time_zone()
    {
        using var session = await Host.Services.GetRequiredService<IDuckDbReads>().OpenAsync([OrderProjection.Name, CustomerProjection.Name], CancellationToken.None);
        session.Query("set TimeZone = 'Asia/Tokyo'", [], CancellationToken.None).ToList().ShouldBeEmpty();
        var path = Path.Combine(folder.Path, "tokyo.parquet");

        session.WriteParquet(ExportQueries.Orders(session, null), path, CancellationToken.None);

        var file = await ParquetFile.ReadAsync(await File.ReadAllBytesAsync(path));
        file.Rows.Select(row => row["placed_at"]).ShouldBe([Start.AddHours(1).UtcDateTime, Start.AddHours(6).UtcDateTime], ignoreOrder: true);
    }

    /// <summary>How many orders and customers there are must not be multiplied: with a million of each, nobody would live to see the file.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task No_export_compares_every_order_with_every_customer(bool asOfATime)
    {
        DateTimeOffset? until = asOfATime ? Start.AddHours(3) : null;
        using var session = await Host.Services.GetRequiredService<IDuckDbReads>().OpenAsync([OrderProjection.Name, CustomerProjection.Name], CancellationToken.None);
        foreach (var query in new[] { ExportQueries.Orders(session, until), ExportQueries.OrderLines(session, until), ExportQueries.Customers(session, until) })
            PlanOf(session, query).ShouldNotMatch("NL_JOIN|NESTED_LOOP|CROSS_PRODUCT");
        PlanOf(session, ExportQueries.Orders(session, until)).ShouldContain("HASH_JOIN");
        PlanOf(session, $"select * from {session.Table(OrderProjection.Name, OrderTables.Orders)} o join {session.Table(OrderProjection.Name, OrderTables.Lines)} l on o.total > l.amount or o.units = 1")
            .ShouldContain("NL_JOIN", customMessage: "the rule catches one that does");
    }

    private static string PlanOf(DuckDbSession session, string query) => string.Concat(session.Query($"explain {query}", [], CancellationToken.None).Select(line => line.Skip().Text()));

    [Fact]
    public async Task Without_events_a_file_has_its_columns_and_no_rows()
    {
        using var other = new TemporaryFolder();
        await using var empty = await AnalyticsHost.StartAsync(new MemoryLogs(), other.Path);
        await empty.UntilCurrentAsync();
        foreach (var kind in new[] { "events", "orders", "order-lines", "customers" })
        {
            var file = await ParquetFile.ReadAsync(await empty.Http.GetByteArrayAsync($"/api/v1/analytics/exports/{kind}.parquet"));
            file.Columns.ShouldNotBeEmpty();
            file.Rows.ShouldBeEmpty();
        }
    }

    [Theory, InlineData("2999-01-01"), InlineData("yesterday")]
    public async Task A_time_that_means_nothing_or_is_yet_to_come_is_refused(string until)
    {
        var answer = await Host.Http.GetAsync($"/api/v1/analytics/exports/orders.parquet?until={until}");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"until\"");
    }

    [Fact]
    public async Task Nothing_unfinished_is_left_of_an_abandoned_export()
    {
        for (var i = 0; i < 10; i++)
        {
            using var hangsUp = new CancellationTokenSource();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/analytics/exports/{(i % 2 == 0 ? "events" : "orders")}.parquet");
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

    /// <summary>Takes all turns of exports of facts.</summary>
    private async Task<List<ExportFolder.NewFile>> TakeTurnsAsync()
    {
        var exports = Host.Services.GetRequiredService<ExportFolder>();
        var turns = new List<ExportFolder.NewFile>();
        for (var i = 0; i < 2; i++)
            turns.Add((await exports.AcquireAsync(ofEvents: false, TestContext.Current.CancellationToken)).Value);
        return turns;
    }

    private async Task<ParquetFile> ExportAsync(string kind, DateTimeOffset? until = null)
    {
        using var answer = await Host.Http.GetAsync($"/api/v1/analytics/exports/{kind}.parquet{(until is { } time ? $"?until={time:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "")}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.apache.parquet");
        return await ParquetFile.ReadAsync(await answer.Content.ReadAsByteArrayAsync());
    }
}
