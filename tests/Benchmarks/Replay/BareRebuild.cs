using System.Diagnostics;
using System.Globalization;
using Monolith.Benchmarks.CatchUp;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.Benchmarks.Replay;

/// <summary>
/// The baselines of replay, in a separate process: a hand-written loop that reads all events, folds them in memory and copies the rows into
/// an empty table; and a consumer that only counts the records of the topic. A warm-up run of each compiles its code.
/// </summary>
internal static class BareRebuild
{
    public const string Verb = "bare-rebuild";

    /// <summary>From its own log.</summary>
    public const string FromLog = "log";

    /// <summary>From the host's topic.</summary>
    public const string FromTopic = "topic";

    /// <summary>Counts the records of the host's topic.</summary>
    public const string Count = "count";

    private const int EventsPerBatch = 5_000;

    private static readonly Dictionary<Guid, BareRow> Rows = [];

    /// <param name="args">What to do, the connection string, the broker, the topic, and how many events there are.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var (what, broker, topic, events) = (args[0], args[2], args[3], int.Parse(args[4], CultureInfo.InvariantCulture));
        await using var dataSource =
            NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(args[1]) { MaxAutoPrepare = 20, NoResetOnClose = true });
        var seconds = 0.0;
        for (var run = 0; run < 2; run++)
        {
            Rows.Clear();
            await using (var clear = dataSource.CreateCommand($"truncate {BareReadModel.Table}"))
                await clear.ExecuteNonQueryAsync();
            var began = Stopwatch.GetTimestamp();
            await OnceAsync(what, dataSource, broker, topic, events);
            seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{BareReplay.SecondsWord}{seconds}"));
        return 0;
    }

    private static async Task OnceAsync(string what, NpgsqlDataSource dataSource, string broker, string topic, int events)
    {
        if (what == FromLog)
        {
            await foreach (var batch in new BareLogReader(dataSource).BatchesAsync(EventsPerBatch))
                Fold(batch);
        }
        else
        {
            using var reader = new BareTopic.Reader(broker, topic);
            for (var read = 0; read < events;)
            {
                var batch = reader.EventBatch(EventsPerBatch);
                read += batch.Count;
                if (what == FromTopic)
                    Fold(batch);
            }
        }

        if (what != Count)
            await CopyAsync(dataSource);
    }

    private static void Fold(List<BareRecord> batch)
    {
        foreach (var e in batch)
        {
            var row = Rows.GetValueOrDefault(e.StreamId);
            if (BareReadModel.Fold(row, e) is { } folded)
                Rows[e.StreamId] = folded;
        }
    }

    private static async Task CopyAsync(NpgsqlDataSource dataSource)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync($"copy {BareReadModel.Table} from stdin (format binary)");
        foreach (var row in Rows.Values)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(row.CustomerId, NpgsqlDbType.Uuid);
            await copy.WriteAsync(row.Username, NpgsqlDbType.Text);
            await copy.WriteAsync(row.Name, NpgsqlDbType.Text);
            await copy.WriteAsync(row.Status, NpgsqlDbType.Text);
        }

        await copy.CompleteAsync();
    }
}
