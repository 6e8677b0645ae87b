using System.Globalization;
using Monolith.Benchmarks.CatchUp;
using Monolith.Benchmarks.Replay;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Searching;

/// <summary>
/// Documents per second of a search rebuild that the admin API of a running host starts, compared with a bare IndexWriter; then the
/// latency of queries on the result. Then the same rebuild into Elasticsearch.
/// </summary>
internal sealed class SearchBenchmark : IBenchmark
{
    private const string Projection = "search.customers";
    private const double DocumentsGoal = 50_000;
    private const double LeastRatio = 0.6;
    private const double P50 = 0.50;
    private const double P99 = 0.99;
    private const double GoalP50 = 5;
    private const double GoalP99 = 25;
    private const int People = 2_000;

    private static readonly Shape OneEach = new(1);

    public string Name => "search";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        Progress.Say($"search: seeding {Cells.Count(stage.Scale.Replayed)} customers");
        await HostProcess.MigrateAsync(database, cancellation);
        await new LogSeed(database, stage.Scale.Replayed, OneEach, new PersonNames()).FillAsync(cancellation);
        var people = await Person.SampleAsync(database, People, cancellation);

        return
        [
            .. await OnLuceneAsync(stage, database, people, cancellation),
            .. await BulkRebuilds.RunAsync(stage, database, Projection, CountedWords.Of(people), cancellation)
        ];
    }

    private static async Task<IReadOnlyList<ResultTable>> OnLuceneAsync(
        Stage stage, Database database, IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        await using var host = await HostProcess.StartWithAsync(database, "Search", stage.Below("stores"), cancellation);
        using var rebuild = new HostRebuild(host, Projection);
        await rebuild.BuiltAsync(cancellation);
        return
        [
            await RebuildsAsync(stage, database, host, rebuild, people, cancellation),
            await QueriesAsync(stage, host, people, cancellation)
        ];
    }

    private static async Task<ResultTable> RebuildsAsync(
        Stage stage, Database database, HostProcess host, HostRebuild rebuild, IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var documents = stage.Scale.Replayed;
        var words = CountedWords.Of(people);
        var (ours, ones, alls) = (new List<double>(), new List<double>(), new List<double>());
        // A warm-up: both sides are compiled before they are measured.
        await rebuild.RunAsync(cancellation);
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            ours.Add(await rebuild.RunAsync(cancellation));
            var (one, all) = await BareAsync(stage, database, host, words, cancellation);
            ones.Add(one);
            alls.Add(all);
            Progress.Say(
                $"search: host {Cells.Count(documents / ours[^1])} documents/s, bare {Cells.Count(documents / one)} by one thread, "
                    + $"{Cells.Count(documents / all)} by all");
        }

        var (figure, alone, together) =
            (documents / Samples.Median(ours), documents / Samples.Median(ones), documents / Samples.Median(alls));
        var table = new ResultTable(
            $"search: a rebuild of {Projection} from {Cells.Count(documents)} customers, Lucene, in-process transport",
            "host, documents/s", "bare IndexWriter, one thread, documents/s", "ratio",
            "bare IndexWriter, a thread a processor, documents/s", "ratio", "goal");
        table.Add(
            Cells.Count(figure), Cells.Count(alone), Cells.Ratio(figure, alone), Cells.Count(together), Cells.Ratio(figure, together),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Cells.AtLeast(DocumentsGoal, figure)}; ≥ {LeastRatio:0.00}: {Cells.Verdict(figure >= alone * LeastRatio)} (one "
                    + $"thread), {Cells.Verdict(figure >= together * LeastRatio)} (all)"));
        table.Note(
            "The host's time is that of the operation: from the request until the new generation is live, log, decoding, fold and "
                + "folding of words included. The bare writer's documents lie ready in memory, and its time ends with the commit. "
                + "A result is valid only when both find the same number of documents for the same words.");
        return table;
    }

    private static async Task<(double One, double All)> BareAsync(
        Stage stage, Database database, HostProcess host, CountedWords words, CancellationToken cancellation)
    {
        var folder = stage.Below("bare-index");
        await using var process =
            await BareProcess.StartAsync([BareIndex.Verb, database.ConnectionString, folder, .. words.Words], cancellation);
        var one = double.Parse(await process.LineAsync(BareIndex.OneWord, cancellation), CultureInfo.InvariantCulture);
        var all = double.Parse(await process.LineAsync(BareIndex.AllWord, cancellation), CultureInfo.InvariantCulture);
        var found = await process.LineAsync(BareIndex.FoundWord, cancellation);
        await process.ExitAsync(cancellation);
        Directory.Delete(folder, recursive: true);
        await words.CompareAsync(host, found, cancellation);
        return (one, all);
    }

    private static async Task<ResultTable> QueriesAsync(
        Stage stage, HostProcess host, IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        using var clients = await SearchClients.OpenAsync(host.Url, people, cancellation);
        Progress.Say("search: warming up the queries");
        await clients.RunAsync(stage.Scale.WarmUp, cancellation);
        var rounds = new List<IReadOnlyDictionary<QueryKind, double[]>>();
        for (var round = 0; round < stage.Scale.Rounds; round++)
            rounds.Add(await clients.RunAsync(stage.Scale.Round, cancellation));

        var table = new ResultTable(
            $"search: queries over {Cells.Count(stage.Scale.Replayed)} customers, {SearchClients.Count} clients, the best "
                + $"{SearchClients.Limit} hits and the total", "query", "queries/s", "p50", "p99", "goal");
        foreach (var kind in QueryKind.All)
            Add(table, kind.Name, [.. rounds.Select(round => round.GetValueOrDefault(kind, []))], stage, (_, _) => Cells.None);
        Add(
            table, "all of them", [.. rounds.Select(round => round.Values.SelectMany(samples => samples).Order().ToArray())], stage,
            (p50, p99) => $"p50 {Cells.AtMost(GoalP50, p50)}; p99 {Cells.AtMost(GoalP99, p99)}");
        table.Note(
            "Closed loop: each client sends its next query when the one before is answered, all kinds in turns; the clients run on the "
                + "same cores. Names are spread by Zipf (2,000 first, 50,000 last names): those who are looked for mostly have common "
                + "ones.");
        return table;
    }

    private static void Add(ResultTable table, string name, double[][] rounds, Stage stage, Func<double, double, string> goal)
    {
        var (p50, p99) = (
            Samples.Median(rounds.Select(round => Samples.Percentile(round, P50))),
            Samples.Median(rounds.Select(round => Samples.Percentile(round, P99))));
        table.Add(
            name,
            Cells.Count(Samples.Median(rounds.Select(round => round.Length / stage.Scale.Round.TotalSeconds))),
            Cells.Milliseconds(p50),
            Cells.Milliseconds(p99),
            goal(p50, p99));
    }
}
