using System.Diagnostics;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Verification;

/// <summary>
/// Compares the rows of two generations that both follow the log. Rows that differ may only be at different offsets: for those, the replay
/// is brought to exactly the offsets at which the live rows were read, and they are compared again.
/// </summary>
internal sealed class RowComparison<TKey, TRow>(
    IProjectionStore<TKey, TRow> store, LogHeads heads, ProjectionDefinition definition, ProjectionStatus status)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int RowsPerRead = 5_000;
    private const int MaxReported = 100;

    // Suspects are compared in memory and in one statement. If there are more, a rebuild is needed anyway.
    private const int MaxSuspects = 10_000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    // For a generation that makes no progress at all.
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    private readonly string[] logs = [.. definition.Sources.Select(source => source.Catalogue.Log)];

    /// <summary>Compares the live generation with its replay. The faults of the log are read when the rows have been compared.</summary>
    /// <exception cref="RebuildFailedException">They cannot be compared; the message says why.</exception>
    public async Task<VerifyResult> CompareAsync(
        int live, int replayed, AuditedApplier replay, Func<Task<IReadOnlyList<string>>> logFaults, CancellationToken cancellation)
    {
        var targets = await heads.NowAsync(logs, cancellation);
        await WaitForAsync(live, targets, cancellation);
        await WaitForAsync(replayed, targets, cancellation);
        var suspects = new HashSet<TKey>();
        var (rows, sum) = await ScanAsync(live, replayed, suspects, cancellation);
        await ScanAsync(replayed, live, suspects, cancellation);
        var differences = suspects.Count == 0 ? [] : await DifferencesAsync(live, replayed, replay, suspects, cancellation);
        var isFull = suspects.Count == MaxSuspects;
        if (isFull && differences.Count == 0)
        {
            throw new RebuildFailedException(
                $"{MaxSuspects} rows of {definition.Name} and more changed while they were compared: "
                + $"verify again when less is written, with: projections verify {definition.Name}");
        }
        var faults = await logFaults();
        return new VerifyResult(
            differences.Count == 0 && faults.Count == 0,
            rows,
            // If rows changed meanwhile, the scan saw them at different offsets.
            suspects.Count == 0 ? RowHash.Text(sum) : null,
            differences.Count,
            [
                .. differences.Take(MaxReported)
                    .Select(entry => new RowDifference(entry.Key.ToString()!, Json(entry.Live), Json(entry.Replayed))),
            ],
            faults,
            isFull,
            heads.Elsewhere(logs));
    }

    public string Sentence(VerifyResult result)
    {
        var elsewhere = result.LogsElsewhere.Count == 0
            ? ""
            : $"; not looked at, since its module does not run in this host: {string.Join(", ", result.LogsElsewhere)}";
        var whole = result.LogsElsewhere.Count == 0 ? ", and the log is whole" : "";
        return result.Matches
            ? $"the {result.Rows} rows of {definition.Name} are those that the log makes{whole}{elsewhere}"
            : $"{(result.MoreDiffer ? "at least " : "")}{result.DifferingRows} of {result.Rows} rows of {definition.Name} "
                + $"differ from those that the log makes; faults of the log: {result.LogFaults.Count}{elsewhere}";
    }

    private async Task<(long Rows, UInt128 Sum)> ScanAsync(
        int generation, int other, HashSet<TKey> suspects, CancellationToken cancellation)
    {
        var (count, sum) = (0L, UInt128.Zero);
        TKey? after = null;
        while (await store.ScanAsync(generation, after, RowsPerRead, cancellation) is { Count: > 0 } rows)
        {
            var found = (await store.FindAsync(other, [.. rows.Select(store.KeyOf)], cancellation)).ToDictionary(store.KeyOf);
            foreach (var row in rows)
            {
                sum += RowHash.Of<TRow>(row);
                if (suspects.Count < MaxSuspects && !row.Equals(found.GetValueOrDefault(store.KeyOf(row))))
                    suspects.Add(store.KeyOf(row));
            }

            count += rows.Count;
            after = store.KeyOf(rows[^1]);
        }

        return (count, sum);
    }

    private async Task<List<(TKey Key, TRow? Live, TRow? Replayed)>> DifferencesAsync(
        int live, int replayed, AuditedApplier replay, HashSet<TKey> suspects, CancellationToken cancellation)
    {
        await replay.PauseAsync(cancellation);
        // The live rows must not be behind the replay, which cannot go back.
        await WaitForAsync(live, await OffsetsAsync(replayed, cancellation), cancellation);
        var read = await store.FindWithCheckpointsAsync(live, suspects, cancellation);
        var offsets = read.Checkpoints.ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);
        replay.RunTo(offsets);
        await WaitForAsync(replayed, offsets, cancellation);

        var liveRows = read.Rows.ToDictionary(store.KeyOf);
        var differences = new List<(TKey, TRow?, TRow?)>();
        foreach (var keys in suspects.Chunk(RowsPerRead))
        {
            var replayedRows = (await store.FindAsync(replayed, keys, cancellation)).ToDictionary(store.KeyOf);
            foreach (var key in keys)
            {
                var (liveRow, replayedRow) = (liveRows.GetValueOrDefault(key), replayedRows.GetValueOrDefault(key));
                if (!Equals(liveRow, replayedRow))
                    differences.Add((key, liveRow, replayedRow));
            }
        }

        return differences;
    }

    /// <summary>Waits until a generation has reached the given offsets, as long as it makes progress.</summary>
    private async Task WaitForAsync(int generation, Dictionary<LogPartition, long> targets, CancellationToken cancellation)
    {
        var (movedAt, remaining) = (Stopwatch.GetTimestamp(), long.MaxValue);
        while (true)
        {
            var reached = await OffsetsAsync(generation, cancellation);
            KeyValuePair<LogPartition, long>[] behind = [.. targets.Where(target => reached.GetValueOrDefault(target.Key) < target.Value)];
            if (behind.Length == 0)
                return;
            var remainingNow = behind.Sum(target => target.Value - reached.GetValueOrDefault(target.Key));
            if (remainingNow < remaining)
                (movedAt, remaining) = (Stopwatch.GetTimestamp(), remainingNow);
            var hasTimedOut = Stopwatch.GetElapsedTime(movedAt) > WaitTimeout;
            foreach (var (partition, target) in behind)
            {
                var here = status.PartitionsOf(generation).FirstOrDefault(known => known.Partition == partition);
                // A partition that only waits for records may still get them.
                if (here?.Stopped is not null || hasTimedOut)
                    throw new RebuildFailedException(Stuck(generation, partition, reached.GetValueOrDefault(partition), target, here));
            }

            await Task.Delay(PollInterval, cancellation);
        }
    }

    private string Stuck(int generation, LogPartition partition, long offset, long target, PartitionStatus? here)
    {
        var reason = here?.Stopped ?? here?.Waiting
            ?? $"it has made no step for {WaitTimeout.TotalSeconds:0} s, see the health of the host that has the partition.";
        return $"Generation {generation} of {definition.Name} stands at offset {offset} of {partition} and does not get to {target}, "
            + $"so that its rows cannot be compared: {reason} "
            + $"Fix that, or rebuild with: projections rebuild {definition.Name}; then verify again.";
    }

    private async Task<Dictionary<LogPartition, long>> OffsetsAsync(int generation, CancellationToken cancellation) =>
        (await store.Registry.CheckpointsAsync(generation, cancellation)).ToDictionary(
            checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);

    private static System.Text.Json.JsonElement? Json(TRow? row) => row is null ? null : RowJson.Element(row);
}
