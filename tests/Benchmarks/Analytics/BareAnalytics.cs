using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using Monolith.Benchmarks.Reporting;

namespace Monolith.Benchmarks.Analytics;

/// <summary>
/// The baselines of analytics, in a separate process: an appender loop that fills the same three tables with generated rows, the reports in
/// plain SQL, and a bare export. Each has a warm-up run.
/// </summary>
internal static class BareAnalytics
{
    public const string Verb = "bare-analytics";

    /// <summary>The prefix of a line of the output: <c>bare: append 12.5</c>.</summary>
    public const string Word = "bare: ";

    private const int Repetitions = 15;
    private const string Orders = "orders";
    private const string Lines = "order_lines";
    private const string Events = "order_events";

    private static readonly string[] Currencies = ["EUR", "EUR", "EUR", "USD", "JPY"];

    /// <summary>The reports, by the routes that they are compared with.</summary>
    public static IReadOnlyDictionary<string, string> Reports { get; } = new Dictionary<string, string>
    {
        ["revenue?by=day"] = Revenue("placed_at::date", Orders, "total", "count(*)", "cancelled_at is null"),
        ["revenue?by=month"] = Revenue("date_trunc('month', placed_at)", Orders, "total", "count(*)", "cancelled_at is null"),
        ["revenue?by=product"] = Revenue("product_id", Lines, "amount", "count(*) filter (where is_first)", "not is_cancelled"),
        ["revenue?by=city"] = Revenue("city", Orders, "total", "count(*)", "cancelled_at is null"),
        ["revenue?by=country"] = Revenue("country", Orders, "total", "count(*)", "cancelled_at is null"),
        ["revenue?by=customer"] = Revenue("customer_id", Orders, "total", "count(*)", "cancelled_at is null"),
        ["revenue?by=customer&limit=200"] =
            $"select * from ({Revenue("customer_id", Orders, "total", "count(*)", "cancelled_at is null")}) as revenue (key, currency, "
                + "revenue, orders) qualify row_number() over (partition by currency order by revenue desc, key) <= 200",
        ["orders?by=status"] = $"select status, currency, sum(total), count(*) from {Orders} group by all",
        ["funnel"] = "select currency, count(*), quantile_cont(epoch_us(paid_at) - epoch_us(placed_at), [0.5, 0.95]), "
            + $"quantile_cont(epoch_us(shipped_at) - epoch_us(paid_at), [0.5, 0.95]) from {Orders} group by currency",
        ["cohorts"] = $"select customer_id, currency, sum(total), count(*) from {Orders} where cancelled_at is null group by all",
    };

    /// <param name="args">The folder to work in, the number of orders, of lines of each, and of rounds.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var (folder, orders, lines, rounds) = (args[0], Number(args[1]), Number(args[2]), Number(args[3]));
        var appends = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            if (round > 0)
                File.Delete(Path.Combine(folder, $"bare{round - 1}.duckdb"));
            using var made = Open(Path.Combine(folder, $"bare{round}.duckdb"));
            appends.Add(Append(made, orders, lines));
        }

        await SayAsync("append", Samples.Median(appends.Skip(1)));
        using var connection = Open(Path.Combine(folder, $"bare{rounds}.duckdb"));
        foreach (var (name, sql) in Reports)
            await SayAsync(
                name,
                Samples.Median(Enumerable.Range(0, Repetitions + 1).Select(_ => Seconds(() => Drain(connection, sql))).ToArray().Skip(1)));
        var export = Path.Combine(folder, "bare.parquet");
        await SayAsync(
            "export",
            Samples.Median(
                Enumerable.Range(0, rounds + 1)
                    .Select(_ => Seconds(() => Execute(connection, $"copy (select * from {Lines}) to '{export}' (format parquet, "
                        + "compression zstd)")))
                    .ToArray()
                    .Skip(1)));
        return 0;
    }

    private static string Revenue(string key, string table, string amount, string count, string counts) =>
        $"select {key} as key, currency, sum({amount}), {count} from {table} where {counts} group by 1, 2 order by 1, 2";

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Task SayAsync(string what, double seconds) =>
        Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Word}{what} {seconds}"));

    private static DuckDBConnection Open(string path)
    {
        var connection = new DuckDBConnection($"DataSource={path}");
        connection.Open();
        Execute(connection, "set memory_limit = '256MB'");
        return connection;
    }

    private static double Append(DuckDBConnection connection, int orders, int lines)
    {
        Execute(
            connection,
            $"create table {Orders} (order_id uuid, customer_id uuid, currency varchar, digits integer, total decimal(19,4), units "
                + "integer, city varchar, country varchar, status varchar, placed_at timestamp, paid_at timestamp, shipped_at "
                + "timestamp, cancelled_at timestamp)");
        Execute(
            connection,
            $"create table {Lines} (order_id uuid, position integer, product_id varchar, name varchar, quantity integer, unit_price "
                + "decimal(18,4), amount decimal(18,4), is_first boolean, currency varchar, digits integer, placed_at timestamp, "
                + "is_cancelled boolean)");
        Execute(
            connection,
            $"create table {Events} (order_id uuid, position integer, event_id uuid, version bigint, step varchar, occurred_at "
                + "timestamp, currency varchar, total decimal(19,4))");
        var rows = Enumerable.Range(0, orders)
            .Select(i => (Id: Guid.CreateVersion7(), Customer: new Guid(i % Math.Max(1, orders / 5), 0, 0, new byte[8])))
            .ToArray();
        return Seconds(() =>
        {
            using var transaction = connection.BeginTransaction();
            using (var order = connection.CreateAppender(Orders))
            using (var line = connection.CreateAppender(Lines))
            using (var step = connection.CreateAppender(Events))
            {
                for (var i = 0; i < rows.Length; i++)
                    Append(order, line, step, rows[i].Id, rows[i].Customer, i, rows.Length, lines);
            }

            transaction.Commit();
        });
    }

    private static void Append(
        DuckDBAppender order, DuckDBAppender line, DuckDBAppender step, Guid id, Guid customer, int i, int orders, int lines)
    {
        var currency = Currencies[i % Currencies.Length];
        DateTime? placed = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(365L * 86_400 * i / orders);
        var (isCancelled, isPaid, isShipped) = (i % 10 == 0, i % 10 >= 2, i % 10 >= 4);
        order.CreateRow()
            .AppendValue((Guid?)id)
            .AppendValue((Guid?)customer)
            .AppendValue(currency)
            .AppendValue((int?)2)
            .AppendValue((decimal?)(i % 100_000 / 100m))
            .AppendValue((int?)7)
            .AppendValue($"City {i % 300}")
            .AppendValue("DE")
            .AppendValue(isShipped ? "shipped" : "placed")
            .AppendValue(placed)
            .AppendValue(isPaid ? placed?.AddHours(i % 40) : null)
            .AppendValue(isShipped ? placed?.AddHours(100) : null).AppendValue(isCancelled ? placed?.AddHours(50) : null).EndRow();
        for (var position = 0; position < lines; position++)
        {
            line.CreateRow()
                .AppendValue((Guid?)id)
                .AppendValue((int?)position)
                .AppendValue($"P-{(i * 7 + position) % 2_000}")
                .AppendValue("Coffee beans 1 kg")
                .AppendValue((int?)3)
                .AppendValue((decimal?)(i % 20_000 / 100m))
                .AppendValue((decimal?)(i % 20_000 / 100m * 3))
                .AppendValue((bool?)true)
                .AppendValue(currency)
                .AppendValue((int?)2)
                .AppendValue(placed)
                .AppendValue((bool?)isCancelled)
                .EndRow();
        }

        var steps = 1 + (isCancelled ? 1 : 0) + (isPaid ? 1 : 0) + (isShipped ? 1 : 0);
        for (var position = 0; position < steps; position++)
        {
            step.CreateRow()
                .AppendValue((Guid?)id)
                .AppendValue((int?)position)
                .AppendValue((Guid?)id)
                .AppendValue((long?)(position + 1))
                .AppendValue("placed")
                .AppendValue(placed)
                .AppendValue(currency)
                .AppendValue((decimal?)(i % 100_000 / 100m)).EndRow();
        }
    }

    private static double Seconds(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Drain(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            reader.GetValue(0);
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
