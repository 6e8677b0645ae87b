using System.Globalization;
using Monolith.Benchmarks.Replay;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Testing;
using Monolith.Testing.Processes;
using HostProcess = Monolith.Benchmarks.Running.HostProcess;

namespace Monolith.Benchmarks.Searching;

/// <summary>
/// Documents per second of a rebuild into Elasticsearch, compared with a bare loop of bulk requests with the same documents and server.
/// </summary>
internal static class BulkRebuilds
{
    private const double LeastRatio = 0.6;

    /// <summary>One table, or none where there is no Elasticsearch.</summary>
    public static async Task<IReadOnlyList<ResultTable>> RunAsync(
        Stage stage, Database database, string projection, CountedWords words, CancellationToken cancellation)
    {
        if (Installed.Elasticsearch() is not { } home)
        {
            Progress.Say("search: no Elasticsearch (ELASTICSEARCH_HOME): its part is left out");
            return [];
        }

        await using var server = await ElasticsearchServer.StartAsync(home);
        await using var host = await HostProcess.StartOnElasticsearchAsync(database, server.Url, cancellation);
        using var rebuild = new HostRebuild(host, projection);
        await rebuild.BuiltAsync(cancellation);
        var documents = stage.Scale.Replayed;
        var (ours, bares) = (new List<double>(), new List<double>());
        // A warm-up: both sides and the server are compiled before they are measured.
        await rebuild.RunAsync(cancellation);
        await BareAsync(database, host, server.Url, words, cancellation);
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            ours.Add(await rebuild.RunAsync(cancellation));
            bares.Add(await BareAsync(database, host, server.Url, words, cancellation));
            Progress.Say(
                $"search: host {Cells.Count(documents / ours[^1])} documents/s into Elasticsearch, bare bulk requests "
                    + $"{Cells.Count(documents / bares[^1])}");
        }

        var (figure, bare) = (documents / Samples.Median(ours), documents / Samples.Median(bares));
        var table = new ResultTable(
            $"search: a rebuild of {projection} from {Cells.Count(documents)} customers, Elasticsearch, in-process "
                + "transport", "host, documents/s", "bare bulk requests, documents/s", "ratio", "goal");
        table.Add(
            Cells.Count(figure),
            Cells.Count(bare),
            Cells.Ratio(figure, bare),
            string.Create(CultureInfo.InvariantCulture, $"≥ {LeastRatio:0.00}: {Cells.Verdict(figure >= bare * LeastRatio)}"));
        table.Note(
            "The host's time is that of the operation: from the request until the new generation is live. The bare loop has its "
                + "documents in memory, two requests of 5 MB under way, and the same index settings; its time ends with the refresh. "
                + "The server's own work is in both. A result is valid only when both find equally many documents for the same words.");
        return [table];
    }

    private static async Task<double> BareAsync(
        Database database, HostProcess host, Uri server, CountedWords words, CancellationToken cancellation)
    {
        await using var process =
            await BareProcess.StartAsync([BareBulk.Verb, database.ConnectionString, server.ToString(), .. words.Words], cancellation);
        var seconds = double.Parse(await process.LineAsync(BareBulk.SecondsWord, cancellation), CultureInfo.InvariantCulture);
        var found = await process.LineAsync(BareBulk.FoundWord, cancellation);
        await process.ExitAsync(cancellation);
        await words.CompareAsync(host, found, cancellation);
        return seconds;
    }
}
