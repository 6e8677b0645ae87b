using CsCheck;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.BuildingBlocks.Projections.Verifying;
using Monolith.BuildingBlocks.Tests.Sample;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Tests.Projections;

/// <summary>A transport may bring a record again, and partitions in any interleaving: the rows are the same.</summary>
[Trait("Height", "Unit")]
public sealed class RepeatedRecordsTests
{
    private const int Partitions = 3;

    private static readonly Dictionary<string, string> Sources = new() { ["shop.events"] = "here" };

    private static readonly Gen<(int[] What, int Seed)> Histories = Gen.Select(Gen.Int[0, 20].Array[1, 80], Gen.Int);

    [Fact]
    public void Duplicates_and_any_interleaving_of_keys_give_the_same_hash() => Check.Sample(
        Histories,
        history =>
        {
            var records = RecordsOf(history.What);
            HashOf([records.SelectMany(partition => partition)]).ShouldBe(HashOf(Disturbed(records, new Random(history.Seed))));
        },
        iter: TestScale.Of(1_000));

    private static List<LogRecord>[] RecordsOf(int[] history)
    {
        var records = Enumerable.Range(0, Partitions).Select(_ => new List<LogRecord>()).ToArray();
        for (var i = 0; i < history.Length; i++)
        {
            var (what, partition) = (history[i], i * 7 % Partitions);
            var counter = SampleRecords.CounterOf(partition);
            IEvent data = what switch { 0 => new Removed(counter), < 4 => new Named(counter, $"named {i}"), 4 => new Counted(counter, i > 60 ? -1 : 1), _ => new Counted(counter, what) };
            records[partition].Add(SampleRecords.Of(data, records[partition].Count, partition));
        }

        return records;
    }

    // Each record one to five times, a run of them again from some place before; the partitions mixed; in pages of any size.
    private static IEnumerable<IEnumerable<LogRecord>> Disturbed(List<LogRecord>[] records, Random random)
    {
        var queues = records.Select(partition => new Queue<LogRecord>(Repeated(partition, random))).ToArray();
        var page = new List<LogRecord>();
        while (queues.Any(queue => queue.Count > 0))
        {
            if (queues[random.Next(Partitions)].TryDequeue(out var record))
                page.Add(record);
            if (random.Next(6) > 0)
                continue;
            yield return page;
            page = [];
        }

        yield return page;
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

    private static string HashOf(IEnumerable<IEnumerable<LogRecord>> reads)
    {
        var store = new MemoryStore();
        var reader = new ScriptedReader();
        using var log = new RecordedLog();
        reader.Tells(new ReaderEvent.Assigned([.. Enumerable.Range(0, Partitions).Select(partition => store.Take(MemoryStore.Of(partition)))], Sources));
        foreach (var records in reads)
            reader.Tells(new ReaderEvent.Read([.. records]), new ReaderEvent.Revoked([]));
        reader.Ends();
        var definition = SampleProjections.SideBySide();
        var applier = new PageApplier<Guid, CounterRow>(store, new PageFold<Guid, CounterRow>(definition, new CounterProjection(), null), 1, new LogSignal());
        new ProjectionLoop(definition, applier, reader, new GenerationProgress(new LogSignal(), TimeProvider.System), null, log.CreateLogger("loop")).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        var rows = store.Rows.Values.Aggregate(UInt128.Zero, (sum, row) => sum + RowHash<Guid, CounterRow>.Of(row));
        return $"{store.Rows.Count} rows {RowHash<Guid, CounterRow>.Text(rows)}, parked {string.Join(' ', store.Parked.Select(entry => $"{entry.Record.Partition}@{entry.Record.Offset}").Order())}";
    }
}
