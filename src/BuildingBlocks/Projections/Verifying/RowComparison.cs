using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.Heads;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Verifying;

/// <summary>
/// Compares the rows of two generations that both follow the log, in short pages. What differs may only be on its way: then the replay is brought to the very place of
/// the log at which the live rows are read, and counts what differs there.
/// </summary>
internal sealed class RowComparison<TKey, TRow>(IProjectionStore<TKey, TRow> store, LogHeads heads, ProjectionDefinition definition)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int RowsAtOnce = 5_000;
    private const int MostShown = 100;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string[] logs = [.. definition.Sources.Select(source => source.Catalogue.Log)];

    public async Task<VerifyResult> CompareAsync(int live, int replayed, AuditedApplier replay, IReadOnlyList<string> logFaults, CancellationToken cancellation)
    {
        await MeetAsync(live, replayed, cancellation);
        var (rows, sum, suspects) = await ScanAsync(live, replayed, cancellation);
        suspects.UnionWith((await ScanAsync(replayed, live, cancellation)).Suspects);
        var differences = suspects.Count == 0 ? [] : await DifferencesAsync(live, replayed, replay, suspects, cancellation);
        string[] faults = [.. replay.Faults, .. logFaults];
        return new VerifyResult(
            differences.Count == 0 && faults.Length == 0,
            rows,
            // While rows change, the scan saw them at different moments.
            suspects.Count == 0 ? RowHash<TKey, TRow>.Text(sum) : null,
            differences.Count,
            [.. differences.Take(MostShown).Select(entry => new RowDifference(entry.Key.ToString()!, Json(entry.Live), Json(entry.Replayed)))],
            faults);
    }

    public string Sentence(VerifyResult result) => result.Matches
        ? $"the {result.Rows} rows of {definition.Name} are those that the log makes, and the log is whole"
        : $"{result.DifferingRows} of {result.Rows} rows of {definition.Name} differ from those that the log makes; faults of the log: {result.LogFaults.Count}";

    private async Task<(long Rows, UInt128 Sum, HashSet<TKey> Suspects)> ScanAsync(int one, int other, CancellationToken cancellation)
    {
        var (count, sum, suspects) = (0L, UInt128.Zero, new HashSet<TKey>());
        TKey? after = null;
        while (await store.ScanAsync(one, after, RowsAtOnce, cancellation) is { Count: > 0 } rows)
        {
            var found = (await store.FindAsync(other, [.. rows.Select(store.KeyOf)], cancellation)).ToDictionary(store.KeyOf);
            foreach (var row in rows)
            {
                sum += RowHash<TKey, TRow>.Of(row);
                if (!row.Equals(found.GetValueOrDefault(store.KeyOf(row))))
                    suspects.Add(store.KeyOf(row));
            }

            count += rows.Count;
            after = store.KeyOf(rows[^1]);
        }

        return (count, sum, suspects);
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

    private async Task PassAsync(int generation, Dictionary<LogPartition, long> targets, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        while (true)
        {
            var reached = await PlacesAsync(generation, patience.Token);
            if (targets.All(target => reached.GetValueOrDefault(target.Key) >= target.Value))
                return;
            await Task.Delay(LookEvery, patience.Token);
        }
    }

    private async Task<Dictionary<LogPartition, long>> PlacesAsync(int generation, CancellationToken cancellation) =>
        (await store.Registry.CheckpointsAsync(generation, cancellation)).ToDictionary(checkpoint => checkpoint.Partition, checkpoint => checkpoint.NextOffset);

    private static System.Text.Json.JsonElement? Json(TRow? row) => row is null ? null : RowJson.Element(row);
}
