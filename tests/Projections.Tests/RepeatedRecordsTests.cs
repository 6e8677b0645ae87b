using CsCheck;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.BuildingBlocks.Projections.Verification;
using Monolith.Testing;

namespace Monolith.Projections.Tests;

/// <summary>
/// A transport may repeat a record, and events of different keys may be in any order. The rows are those of a plain fold.
/// </summary>
[Trait("Category", "Unit")]
public sealed class RepeatedRecordsTests
{
    private const int Partitions = 3;
    private const int KeysOfEachPartition = 3;
    private const int Unfoldable = 40;

    private static readonly Dictionary<string, string> Sources = new() { ["shop.events"] = "here" };

    // The next event: its key and kind; and the seed of the repeats.
    private static readonly Gen<((int Key, int What)[] History, int Seed)> Histories =
        Gen.Select(Gen.Select(Gen.Int[0, (Partitions * KeysOfEachPartition) - 1], Gen.Int[0, Unfoldable]).Array[1, 100], Gen.Int);

    [Fact]
    public void Repeated_and_interleaved_records_give_the_rows_of_a_fold()
    {
        var (rows, deadLetters, repeated) = (0L, 0L, 0L);
        Check.Sample(
            Histories,
            given =>
            {
                var random = new Random(given.Seed);
                var history = given.History.Select((happened, i) => Happened(happened.Key, happened.What, i)).ToArray();
                var expected = Folded(history);

                Applied([RecordsOf(history).SelectMany(partition => partition)]).ShouldBe(expected);
                var disturbed = Disturbed(RecordsOf(Interleaved(history, random)), random).ToArray();
                Applied(disturbed).ShouldBe(expected);

                Interlocked.Add(ref rows, expected.Rows);
                Interlocked.Add(ref deadLetters, expected.DeadLetters);
                Interlocked.Add(ref repeated, disturbed.Sum(batch => batch.Count) - history.Length);
            },
            iter: TestScale.Of(1_000));

        // Otherwise nothing was tested.
        rows.ShouldBeGreaterThan(0);
        deadLetters.ShouldBeGreaterThan(0);
        repeated.ShouldBeGreaterThan(0);
    }

    private static (Guid Key, IEvent Data) Happened(int key, int what, int i)
    {
        var counter = KeyOf(key);
        return (
            counter,
            what switch
            {
                0 => new Removed(counter),
                < 4 => new Named(counter, $"named {i}"),
                Unfoldable => new Counted(counter, -1),
                _ => new Counted(counter, what),
            });
    }

    private static Guid KeyOf(int key) => new(key % Partitions, (short)(key / Partitions), 1, 0, 0, 0, 0, 0, 0, 0, 0);

    private static int PartitionOf(Guid key) => BitConverter.ToInt32(key.ToByteArray());

    /// <summary>
    /// The expected rows, folded without batches, partitions or checkpoints. From the first event that cannot be folded, the events of its
    /// key are dead letters.
    /// </summary>
    private static Outcome Folded((Guid Key, IEvent Data)[] history)
    {
        var (rows, deadLetters) = (new Dictionary<Guid, CounterRow>(), new Dictionary<Guid, int>());
        foreach (var (key, data) in history)
        {
            var row = rows.GetValueOrDefault(key) ?? new CounterRow(key, 0, 0, null);
            if (data is Counted { By: < 0 } || deadLetters.ContainsKey(key))
                deadLetters[key] = deadLetters.GetValueOrDefault(key) + 1;
            else if (data is Removed)
                rows.Remove(key);
            else
                rows[key] = data is Named named
                    ? row with { Name = named.Name }
                    : row with { Total = row.Total + ((Counted)data).By, Events = row.Events + 1 };
        }

        return Outcome.Of(rows.Values, deadLetters);
    }

    /// <summary>The same events with the keys interleaved; the order within a key is kept.</summary>
    private static (Guid Key, IEvent Data)[] Interleaved((Guid Key, IEvent Data)[] history, Random random)
    {
        var keys = history.GroupBy(happened => happened.Key).Select(key => new Queue<(Guid, IEvent)>(key)).ToList();
        var mixed = new List<(Guid, IEvent)>();
        while (keys.Count > 0)
        {
            var key = keys[random.Next(keys.Count)];
            mixed.Add(key.Dequeue());
            if (key.Count == 0)
                keys.Remove(key);
        }

        return [.. mixed];
    }

    private static List<LogRecord>[] RecordsOf((Guid Key, IEvent Data)[] history)
    {
        var records = Enumerable.Range(0, Partitions).Select(_ => new List<LogRecord>()).ToArray();
        foreach (var (key, data) in history)
            records[PartitionOf(key)].Add(SampleRecords.Of(data, records[PartitionOf(key)].Count, PartitionOf(key), key));
        return records;
    }

    // Each record one to five times, with runs repeated from an earlier offset, in mixed partitions and batches of any size.
    private static IEnumerable<List<LogRecord>> Disturbed(List<LogRecord>[] records, Random random)
    {
        var queues = records.Select(partition => new Queue<LogRecord>(Repeated(partition, random))).ToArray();
        var batch = new List<LogRecord>();
        while (queues.Any(queue => queue.Count > 0))
        {
            if (queues[random.Next(Partitions)].TryDequeue(out var record))
                batch.Add(record);
            if (random.Next(6) > 0)
                continue;
            yield return batch;
            batch = [];
        }

        yield return batch;
    }

    private static IEnumerable<LogRecord> Repeated(List<LogRecord> partition, Random random)
    {
        for (var i = 0; i < partition.Count; i++)
        {
            for (var times = random.Next(1, 6); times > 0; times--)
                yield return partition[i];
            if (random.Next(8) > 0)
                continue;
            for (var again = random.Next(i + 1); again <= i; again++)
                yield return partition[again];
        }
    }

    private static Outcome Applied(IEnumerable<IEnumerable<LogRecord>> reads)
    {
        var store = new MemoryStore();
        var reader = new ScriptedReader();
        using var log = new RecordedLog();
        reader.Delivers(
            new ReaderEvent.Assigned(
                [.. Enumerable.Range(0, Partitions).Select(partition => store.Take(MemoryStore.Of(partition)))], Sources));
        foreach (var records in reads)
            reader.Delivers(new ReaderEvent.RecordsRead([.. records]), new ReaderEvent.Revoked([]));
        reader.Ends();
        var definition = SampleProjections.Concurrent();
        var applier = new BatchApplier<Guid, CounterRow>(
            store, new BatchFold<Guid, CounterRow>(definition, new CounterProjection(), null), 1, new LogSignal());
        new ProjectionLoop(
            definition, applier, reader, new GenerationProgress(new LogSignal(), TimeProvider.System), null, log.CreateLogger("loop"))
            .RunAsync(CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        return Outcome.Of(
            store.Rows.Values, store.DeadLetters.GroupBy(entry => entry.Key).ToDictionary(key => key.Key, key => key.Count()));
    }

    /// <summary>The result of a history, as text that can be compared and shown.</summary>
    private sealed record Outcome(int Rows, int DeadLetters, string Hash, string Text)
    {
        public static Outcome Of(IReadOnlyCollection<CounterRow> rows, IReadOnlyDictionary<Guid, int> deadLetters) => new(
            rows.Count,
            deadLetters.Values.Sum(),
            RowHash.Of(rows).Hash,
            $"{string.Join('\n', rows.OrderBy(row => row.CounterId))}\ndead letters "
                + $"{string.Join(' ', deadLetters.OrderBy(key => key.Key).Select(key => $"{key.Key}: {key.Value}"))}");
    }
}
