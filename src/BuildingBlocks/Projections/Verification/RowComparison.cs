using System.Diagnostics;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Verification;

/// <summary>
/// Compares the rows of two generations that both follow the log, in short batches. What differs may only be on its way: then the replay is brought to the very place of
/// the log at which the live rows are read, and counts what differs there.
/// </summary>
internal sealed class RowComparison<TKey, TRow>(IProjectionStore<TKey, TRow> store, LogHeads heads, ProjectionDefinition definition, ProjectionStatus status)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int RowsAtOnce = 5_000;
    private const int MostShown = 100;

    /// <summary>Rows that are looked at closely, all of them in memory and in one statement: whoever has so many to mend rebuilds.</summary>
    private const int MostSuspects = 10_000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>A generation that makes no step at all for this long is not waited for any longer.</summary>
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    private readonly string[] logs = [.. definition.Sources.Select(source => source.Catalogue.Log)];

    /// <param name="live">The live generation.</param>
    /// <param name="replayed">The one that the log makes.</param>
    /// <param name="replay">Brings the replay to a place.</param>
    /// <param name="logFaults">Takes what is wrong with the log, as it is known when the rows have been compared.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RebuildFailedException">They cannot be compared; the message says why.</exception>
    public async Task<VerifyResult> CompareAsync(int live, int replayed, AuditedApplier replay, Func<Task<IReadOnlyList<string>>> logFaults, CancellationToken cancellation)
    {
        await MeetAsync(live, replayed, cancellation);
        var suspects = new HashSet<TKey>();
        var (rows, sum) = await ScanAsync(live, replayed, suspects, cancellation);
        await ScanAsync(replayed, live, suspects, cancellation);
        var differences = suspects.Count == 0 ? [] : await DifferencesAsync(live, replayed, replay, suspects, cancellation);
        var isFull = suspects.Count == MostSuspects;
        if (isFull && differences.Count == 0)
            throw new RebuildFailedException($"{MostSuspects} rows of {definition.Name} and more were on their way while they were compared: ask again when less is written, with: projections verify {definition.Name}");
        var faults = await logFaults();
        return new VerifyResult(
            differences.Count == 0 && faults.Count == 0,
            rows,
            // While rows change, the scan saw them at different moments.
            suspects.Count == 0 ? RowHash.Text(sum) : null,
            differences.Count,
            [.. differences.Take(MostShown).Select(entry => new RowDifference(entry.Key.ToString()!, Json(entry.Live), Json(entry.Replayed)))],
            faults,
            isFull,
            heads.Elsewhere(logs));
    }

    public string Sentence(VerifyResult result)
    {
        var elsewhere = result.LogsElsewhere.Count == 0 ? "" : $"; not looked at, since its module does not run in this host: {string.Join(", ", result.LogsElsewhere)}";
        var whole = result.LogsElsewhere.Count == 0 ? ", and the log is whole" : "";
        return result.Matches
            ? $"the {result.Rows} rows of {definition.Name} are those that the log makes{whole}{elsewhere}"
            : $"{(result.MoreDiffer ? "at least " : "")}{result.DifferingRows} of {result.Rows} rows of {definition.Name} differ from those that the log makes; faults of the log: {result.LogFaults.Count}{elsewhere}";
    }

    private async Task<(long Rows, UInt128 Sum)> ScanAsync(int one, int other, HashSet<TKey> suspects, CancellationToken cancellation)
    {
        var (count, sum) = (0L, UInt128.Zero);
        TKey? after = null;
        while (await store.ScanAsync(one, after, RowsAtOnce, cancellation) is { Count: > 0 } rows)
        {
            var found = (await store.FindAsync(other, [.. rows.Select(store.KeyOf)], cancellation)).ToDictionary(store.KeyOf);
            foreach (var row in rows)
            {
                sum += RowHash.Of<TRow>(row);
                if (suspects.Count < MostSuspects && !row.Equals(found.GetValueOrDefault(store.KeyOf(row))))
                    suspects.Add(store.KeyOf(row));
            }

            count += rows.Count;
            after = store.KeyOf(rows[^1]);
        }

        return (count, sum);
    }

    /// <summary>Brings the replay to the very place of the log at which the live rows were read, and compares there.</summary>
    private async Task<List<(TKey Key, TRow? Live, TRow? Replayed)>> DifferencesAsync(int live, int replayed, AuditedApplier replay, HashSet<TKey> suspects, CancellationToken cancellation)
    {
        await replay.PauseAsync(cancellation);
        // The live rows must not be behind the replay: it goes forward only.
        await PassAsync(live, await PlacesAsync(replayed, cancellation), cancellation);
        var then = await store.FindWithCheckpointsAsync(live, suspects, cancellation);
        var places = then.Checkpoints.ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);
        replay.RunTo(places);
        await PassAsync(replayed, places, cancellation);

        var lives = then.Rows.ToDictionary(store.KeyOf);
        var differences = new List<(TKey, TRow?, TRow?)>();
        foreach (var keys in suspects.Chunk(RowsAtOnce))
        {
            var others = (await store.FindAsync(replayed, keys, cancellation)).ToDictionary(store.KeyOf);
            differences.AddRange(keys.Select(key => (key, lives.GetValueOrDefault(key), others.GetValueOrDefault(key))).Where(entry => !Equals(entry.Item2, entry.Item3)));
        }

        return differences;
    }

    /// <summary>Waits until both have passed what the logs hold now.</summary>
    private async Task MeetAsync(int one, int other, CancellationToken cancellation)
    {
        var targets = await heads.NowAsync(logs, cancellation);
        await PassAsync(one, targets, cancellation);
        await PassAsync(other, targets, cancellation);
    }

    /// <summary>Waits until a generation has passed some places, for as long as it moves.</summary>
    private async Task PassAsync(int generation, Dictionary<LogPartition, long> targets, CancellationToken cancellation)
    {
        var (movedAt, left) = (Stopwatch.GetTimestamp(), long.MaxValue);
        while (true)
        {
            var reached = await PlacesAsync(generation, cancellation);
            KeyValuePair<LogPartition, long>[] behind = [.. targets.Where(target => reached.GetValueOrDefault(target.Key) < target.Value)];
            if (behind.Length == 0)
                return;
            var leftNow = behind.Sum(target => target.Value - reached.GetValueOrDefault(target.Key));
            if (leftNow < left)
                (movedAt, left) = (Stopwatch.GetTimestamp(), leftNow);
            var waitedInVain = Stopwatch.GetElapsedTime(movedAt) > WaitTimeout;
            foreach (var (partition, end) in behind)
            {
                var here = status.PartitionsOf(generation).FirstOrDefault(known => known.Partition == partition);
                // What a partition merely waits for may still come.
                if (here?.Stopped is not null || waitedInVain)
                    throw new RebuildFailedException(Stuck(generation, partition, reached.GetValueOrDefault(partition), end, here));
            }

            await Task.Delay(LookEvery, cancellation);
        }
    }

    private string Stuck(int generation, LogPartition partition, long at, long end, PartitionStatus? here) =>
        $"Generation {generation} of {definition.Name} stands at offset {at} of {partition} and does not get to {end}, so that its rows cannot be compared: "
        + $"{here?.Stopped ?? here?.Waiting ?? $"it has made no step for {WaitTimeout.TotalSeconds:0} s, see the health of the host that has the partition."} "
        + $"Mend that, or build it anew with: projections rebuild {definition.Name}; then verify again.";

    private async Task<Dictionary<LogPartition, long>> PlacesAsync(int generation, CancellationToken cancellation) =>
        (await store.Registry.CheckpointsAsync(generation, cancellation)).ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);

    private static System.Text.Json.JsonElement? Json(TRow? row) => row is null ? null : RowJson.Element(row);
}
