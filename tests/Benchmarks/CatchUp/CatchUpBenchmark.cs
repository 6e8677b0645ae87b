using System.Globalization;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>Events a second from the log to Orders' customer view through the whole engine, against a loop written by hand.</summary>
internal sealed class CatchUpBenchmark : IBenchmark
{
    private const string HostTopic = "customers.events";
    private const double InProcessGoal = 150_000;
    private const double KafkaGoal = 100_000;

    private static readonly Shape[] Shapes = [new(10), new(1)];

    public string Name => "catch-up";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var table = new ResultTable(
            $"catch-up: {Cells.Count(stage.Scale.Events)} events from the log to Orders' customer view",
            "path", "host, events/s", "hand-written loop, events/s", "ratio", "CPU an event: host", "PostgreSQL with the host", "loop",
            "goal");
        foreach (var shape in Shapes)
            await RunShapeAsync(stage, shape, table, cancellation);

        table.Note(
            "Before anything is printed, the host's rows are compared with the loop's, row by row. The host restarts for each round, "
                + "so that its time has its compiling in it (from the moment when the projection takes its partitions), and its "
                + "processor time its whole start; the loop has run once before it is measured.");
        table.Note(
            "From an empty topic: the relay fills the topic at the same time, and both of the host's projections are built; the loop "
                + "relays with two headers a record and builds the one.");
        return [table];
    }

    private static async Task RunShapeAsync(Stage stage, Shape shape, ResultTable table, CancellationToken cancellation)
    {
        var broker = await stage.KafkaAsync(cancellation);
        await HostReplay.DeleteTopicAsync(broker, cancellation);
        var database = await stage.NewDatabaseAsync(cancellation);
        var events = stage.Scale.Events;

        Progress.Say($"catch-up, {shape}: seeding {Cells.Count(events)} events");
        await HostProcess.MigrateAsync(database, cancellation);
        await new LogSeed(database, events, shape).FillAsync(cancellation);
        await database.ExecuteAsync(
            $"{BareReadModel.CreateSql} create table {BareLogReader.Log} (like customers.events including all); insert into "
                + $"{BareLogReader.Log} select * from customers.events",
            cancellation);
        await database.ExecuteAsync($"vacuum analyze {BareLogReader.Log}", cancellation);

        var replay = new HostReplay(database, events, stage.PostmasterId);
        await replay.PrepareAsync(broker, cancellation);
        Race[] races =
        [
            new(
                "in-process",
                events,
                InProcessGoal,
                token => replay.CustomersAloneAsync(kafka: null, token),
                _ => LoopAsync(BareReplay.FromLog)),
            new(
                "Kafka, filled topic",
                events,
                KafkaGoal,
                token => replay.CustomersAloneAsync(broker, token),
                _ => LoopAsync(BareReplay.FromTopic)),
            new(
                "Kafka, from an empty topic",
                events,
                double.NaN,
                token => replay.FromNothingAsync(broker, token),
                _ => LoopAsync(BareReplay.ThroughTopic)),
        ];
        foreach (var race in races)
        {
            for (var round = 0; round < stage.Scale.Rounds; round++)
            {
                await race.RunRoundAsync(shape, cancellation);
                await CompareAsync(database, cancellation);
            }

            race.AddTo(table, shape);
        }

        async Task<ReplayCost> LoopAsync(string what)
        {
            await database.ExecuteAsync("checkpoint", cancellation);
            await using var process = await BareProcess.StartAsync(
                [
                    BareReplay.Verb,
                    what,
                    database.ConnectionString,
                    broker,
                    HostTopic,
                    events.ToString(CultureInfo.InvariantCulture)
                ], cancellation);
            var seconds = double.Parse(await process.LineAsync(BareReplay.SecondsWord, cancellation), CultureInfo.InvariantCulture);
            var cpu = double.Parse(await process.LineAsync(BareReplay.CpuWord, cancellation), CultureInfo.InvariantCulture);
            await process.ExitAsync(cancellation);
            return new ReplayCost(seconds, cpu, PostgresCpu: null);
        }
    }

    public static async Task CompareAsync(Database database, CancellationToken cancellation)
    {
        const string Columns = "customer_id, username, name, status";
        var differing = await database.ScalarAsync<long>(
            $"""
            select count(*) from (select {Columns} from orders_read.customers) host full join (select {Columns} from {BareReadModel.Table}) loop using (customer_id)
            where (host.username, host.name, host.status) is distinct from (loop.username, loop.name, loop.status)
            """,
            cancellation);
        var rows = await database.ScalarAsync<long>("select count(*) from orders_read.customers", cancellation);
        if (differing != 0 || rows == 0)
            throw new InvalidOperationException(
                $"The host and the hand-written loop made different rows: {differing} differ, the host has {rows}.");
    }
}
