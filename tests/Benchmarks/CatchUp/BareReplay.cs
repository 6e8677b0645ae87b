using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>
/// The baseline of catch-up: a hand-written loop in a separate process. A warm-up run over all events compiles its code before it is
/// measured; the host starts cold.
/// </summary>
internal static class BareReplay
{
    public const string Verb = "bare-replay";

    /// <summary>Batches of the bare log into the read model.</summary>
    public const string FromLog = "log";

    /// <summary>The host's topic into the read model.</summary>
    public const string FromTopic = "topic";

    /// <summary>The bare log into a separate topic, and concurrently from there into the read model.</summary>
    public const string ThroughTopic = "through";

    /// <summary>The prefix of the elapsed seconds in the output.</summary>
    public const string SecondsWord = "seconds: ";

    /// <summary>The prefix of the seconds of processor time in the output.</summary>
    public const string CpuWord = "cpu: ";

    private const int EventsPerBatch = 5_000;

    /// <param name="args">What to do, the connection string, the broker, the topic, and how many events there are.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var (what, broker, topic, events) = (args[0], args[2], args[3], int.Parse(args[4], CultureInfo.InvariantCulture));
        await using var dataSource =
            NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(args[1]) { MaxAutoPrepare = 20, NoResetOnClose = true });
        var (seconds, cpu) = (0.0, 0.0);
        for (var run = 0; run < 2; run++)
        {
            await ClearAsync(dataSource);
            var made = what == ThroughTopic ? await BareTopic.CreateAsync(broker) : topic;
            var (began, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            await ReplayAsync(what, dataSource, broker, made, events);
            (seconds, cpu) = (Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalSeconds);
            if (what == ThroughTopic)
                await BareTopic.DeleteAsync(broker, made);
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{SecondsWord}{seconds}"));
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{CpuWord}{cpu}"));
        return 0;
    }

    private static async Task ReplayAsync(string what, NpgsqlDataSource dataSource, string broker, string topic, int events)
    {
        var model = new BareReadModel(dataSource);
        if (what == FromLog)
        {
            await foreach (var batch in new BareLogReader(dataSource).BatchesAsync(EventsPerBatch))
                await model.ApplyAsync(batch, new Dictionary<int, long> { [batch[^1].Partition] = batch[^1].Offset + 1 });
            return;
        }

        var relaying = what == ThroughTopic ? Task.Run(() => RelayAsync(dataSource, broker, topic)) : Task.CompletedTask;
        using var reader = new BareTopic.Reader(broker, topic);
        for (var applied = 0; applied < events;)
        {
            var batch = reader.EventBatch(EventsPerBatch);
            await model.ApplyAsync(
                batch, batch.GroupBy(e => e.Partition).ToDictionary(group => group.Key, group => group.Last().Offset + 1));
            applied += batch.Count;
        }

        await relaying;
    }

    private static async Task RelayAsync(NpgsqlDataSource dataSource, string broker, string topic)
    {
        using var writer = new BareTopic.Writer(broker, topic);
        await foreach (var batch in new BareLogReader(dataSource).BatchesAsync(EventsPerBatch))
        {
            foreach (var e in batch)
                writer.Write(e);
        }

        writer.Finish();
    }

    private static async Task ClearAsync(NpgsqlDataSource dataSource)
    {
        await using var clear = dataSource.CreateCommand($"truncate {BareReadModel.Table}, bare.checkpoints");
        await clear.ExecuteNonQueryAsync();
    }
}
