using System.Text.Json;
using Monolith.Analytics.Tests.Logs;
using Monolith.Testing;

namespace Monolith.Analytics.Tests.Module;

/// <summary>Compares all reports with a plain fold over random histories.</summary>
[Trait("Category", "Module")]
public sealed class FiguresTests(ITestOutputHelper output)
{
    private const int Histories = 50;
    private const int First = 2;

    [Fact]
    public async Task Reports_equal_a_plain_fold_of_the_log()
    {
        var first = TestSeed.Next();
        for (var seed = first; seed < first + TestScale.Of(Histories); seed++)
        {
            output.WriteLine(TestSeed.Shown(seed));
            await CompareAsync(seed);
        }
    }

    private static async Task CompareAsync(int seed)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var history = RandomHistory.Of(seed);
        var logs = new MemoryLogs();
        // Some events are there before the rebuild, the rest arrives live.
        var initial = random.Next(history.Count + 1);
        foreach (var (data, at) in history.Take(initial))
            logs.Append(data, at);
        await using var host = await AnalyticsHost.StartAsync(logs, folder.Path);
        await host.UntilCurrentAsync();
        foreach (var chunk in history.Skip(initial).Chunk(50))
        {
            foreach (var (data, at) in chunk)
                logs.Append(data, at);
            await host.UntilCurrentAsync();
        }

        var expected = new PlainFold(history);
        await CompareAsync(host, expected, TestSeed.Shown(seed), null, null, null);
        var from = new DateTimeOffset(2025, random.Next(1, 7), random.Next(1, 28), 0, 0, 0, TimeSpan.Zero);
        await CompareAsync(
            host, expected, TestSeed.Shown(seed), from, from.AddMinutes(random.Next(1, 300_000)), expected.Currencies.FirstOrDefault());
    }

    private static async Task CompareAsync(
        AnalyticsHost host, PlainFold expected, string seed, DateTimeOffset? from, DateTimeOffset? to, string? currency)
    {
        string[] filters =
        [
            from is { } f ? $"from={f:yyyy-MM-dd}" : "",
            to is { } t ? $"to={t:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "",
            currency is null ? "" : $"currency={currency}",
        ];
        var filter = string.Join('&', filters.Where(part => part.Length > 0));
        foreach (var by in new[] { "day", "month", "product", "customer", "city", "country" })
        {
            var rows = await host.RowsAsync($"revenue?by={by}&{filter}");
            Lines(rows, by).ShouldBe(expected.Revenue(by, from, to, currency), ignoreOrder: true, $"{seed}: revenue by {by} {filter}");
            rows.ShouldBe(InOrder(rows, by), $"{seed}: revenue by {by} {filter} is ordered");
            Lines(await host.RowsAsync($"revenue?by={by}&limit={First}&{filter}"), by).ShouldBe(
                Lines(InOrder(FirstOfEachCurrency(rows), by), by), $"{seed}: the first of revenue by {by} {filter}");
        }

        foreach (var by in new[] { "day", "month", "status" })
        {
            var orders = await host.RowsAsync($"orders?by={by}&{filter}");
            orders.Select(row => Line(row, by, "currency", "amount", "orders", "cancelled", "units"))
                .ShouldBe(expected.Orders(by, from, to, currency), ignoreOrder: true, $"{seed}: orders by {by} {filter}");
        }

        var funnel = await host.RowsAsync($"funnel?{filter}");
        funnel.Select(row => Line(row, "currency", "step", "orders", "medianSeconds", "p95Seconds"))
            .ShouldBe(expected.Funnel(from, to, currency), ignoreOrder: true, $"{seed}: funnel {filter}");
        var cohorts = await host.RowsAsync($"cohorts?{filter}");
        cohorts.Select(row => Line(row, "month", "currency", "customers", "revenue", "buyers", "orders"))
            .ShouldBe(expected.Cohorts(from, to, currency), ignoreOrder: true, $"{seed}: cohorts {filter}");
    }

    private static IEnumerable<string> Lines(IEnumerable<JsonElement> rows, string by) =>
        rows.Select(row => Line(row, by, "currency", "revenue", "orders", "units"));

    // Days and months by time, other keys by revenue.
    private static IEnumerable<JsonElement> InOrder(IEnumerable<JsonElement> rows, string by) => by is "day" or "month"
        ? rows.OrderBy(row => Text(row, by), StringComparer.Ordinal).ThenBy(row => Text(row, "currency"), StringComparer.Ordinal)
        : rows.OrderBy(row => Text(row, "currency"), StringComparer.Ordinal)
            .ThenByDescending(row => row.GetProperty("revenue").GetDecimal())
            .ThenBy(row => Text(row, by), StringComparer.Ordinal);

    private static IEnumerable<JsonElement> FirstOfEachCurrency(IEnumerable<JsonElement> rows) =>
        rows.GroupBy(row => Text(row, "currency")).SelectMany(ofCurrency => ofCurrency.Take(First));

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    // Raw JSON, so that amounts with other digits are different.
    private static string Line(JsonElement row, params string[] names) => string.Join('|', names.Select(name => row.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        var number when name.EndsWith("Seconds", StringComparison.Ordinal) => PlainFold.Seconds(number.GetDouble()),
        var number => number.GetRawText(),
    }));
}
