using System.Globalization;
using System.Text;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>
/// After a process is killed during batches, fills and commits, rows, checkpoints, dead letters and registry are consistent. Where they are
/// written separately, they are consistent after the next process has repeated the interrupted batch.
/// </summary>
/// <param name="storeIn">Opens the store of a folder, which has its files or its address.</param>
/// <param name="goesOnFirst">Whether rows may be ahead of their checkpoints until the interrupted batch is repeated.</param>
public abstract class KilledWriterContract(Func<string, StoreUnderTest> storeIn, bool goesOnFirst = false)
{
    private const string FolderVariable = "MONOLITH_KILLED_WRITER_FOLDER";
    private const int Counters = 20;
    private const int EventsOfABatch = 7;
    private const int DeadLetterEvery = 50;
    private const int RecordedEvery = 20;
    private const int MaxBatches = 120;

    private static readonly LogPartition Partition = new("shop.events", 0);
    private static readonly Guid[] Keys = [.. Enumerable.Range(1, Counters).Select(n => new Guid(n, 0, 0, new byte[8]))];
    private static readonly TimeSpan WritesWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Killed_writer_continues_from_the_last_commit()
    {
        using var folder = new TemporaryFolder();
        await PrepareAsync(folder.Below("store"));
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var random = new Random(seed);
        var reached = 0L;
        for (var kill = 0; kill < TestScale.Of(15); kill++)
        {
            var writer = await ChildProcess.StartAsync(
                [
                    "dotnet",
                    GetType().Assembly.Location,
                    "--explicit",
                    "only",
                    "--filter-method",
                    $"{GetType().FullName}.{nameof(Writes_until_it_is_killed)}",
                    "--results-directory",
                    folder.Below("results")
                ],
                folder.Path,
                new Dictionary<string, string> { [FolderVariable] = folder.Below("store") });
            await using (writer)
            {
                var batches = random.Next(1, MaxBatches);
                await Eventually.HoldsAsync(
                    WritesWithin, () =>
                        Task.FromResult(
                            BatchesOf(folder.Below("store")) is var written && written >= batches
                                ? null
                                : $"{written} of {batches} batches are written: {writer.Tail(10)}"));
                await writer.KillAsync();
            }

            File.Delete(ProgressOf(folder.Below("store")));
            if (goesOnFirst)
                await GoOnAsync(folder.Below("store"));
            var next = await ShouldBeOfOneMomentAsync(folder.Below("store"), $"kill {kill}, {TestSeed.Shown(seed)}");
            next.ShouldBeGreaterThanOrEqualTo(reached, $"committed batches stay on the disk, {TestSeed.Shown(seed)}");
            reached = next;
        }

        reached.ShouldBeGreaterThan(0, TestSeed.Shown(seed));
    }

    [Fact(Explicit = true)]
    public async Task Writes_until_it_is_killed()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, "The test that kills it starts it in a separate process.");
        await using var under = storeIn(folder);
        await under.PrepareAsync();
        var store = under.Open<CounterRow>(SampleProjections.Concurrent()).Store;
        await store.Registry.PrepareAsync(CancellationToken.None);
        var point = (await store.Registry.ClaimPartitionsAsync(1, [Partition], CancellationToken.None)).Single();
        var batches = 0;
        for (var next = point.NextOffset; ; next += EventsOfABatch)
        {
            await WriteBatchAsync(store, point.Epoch, next);
            await File.WriteAllTextAsync(ProgressOf(folder), (++batches).ToString(CultureInfo.InvariantCulture));
            if (next / EventsOfABatch % RecordedEvery == 0)
            {
                var operation = new Operation(
                    Guid.CreateVersion7(),
                    "pause",
                    "shop.counters",
                    null,
                    null,
                    OperationState.Done,
                    $"at {next}",
                    null,
                    DateTimeOffset.UtcNow,
                    null);
                await store.Registry.RecordAsync(operation, $"note {next}", CancellationToken.None);
            }
        }
    }

    private static async Task WriteBatchAsync(IProjectionStore<Guid, CounterRow> store, long epoch, long from)
    {
        await using var batch = await store.BeginAsync(1, CancellationToken.None);
        var rows = new Dictionary<Guid, CounterRow>();
        await batch.LoadAsync(Keys, rows, [], CancellationToken.None);
        var changed = new Dictionary<Guid, CounterRow>();
        var offsets = new Dictionary<Guid, RowOffset>();
        var deadLetters = new List<DeadLetterEvent<Guid>>();
        for (var offset = from; offset < from + EventsOfABatch; offset++)
        {
            var key = KeyAt(offset);
            if (offset % DeadLetterEvery == 0)
                deadLetters.Add(new DeadLetterEvent<Guid>(key, RecordAt(offset), "added by the test"));
            if (batch.AppliedOffsets?.GetValueOrDefault(key) > offset)
                continue;
            var row = changed.GetValueOrDefault(key) ?? rows.GetValueOrDefault(key) ?? new CounterRow(key, 0, 0, null);
            changed[key] = row with { Total = row.Total + offset, Events = row.Events + 1 };
            offsets[key] = new RowOffset(Partition.Partition, offset + 1);
        }

        var advance = new CheckpointAdvance(
            Partition, epoch, from, from + EventsOfABatch, RecordAt(from + EventsOfABatch - 1).EventId, from + EventsOfABatch - 1, "test");
        await batch.CommitAsync(
            new BatchCommit<Guid, CounterRow>(
                [.. changed.Select(entry => new RowChange<Guid, CounterRow>(entry.Key, entry.Value) { Offset = offsets[entry.Key] })],
                [advance],
                deadLetters,
                []),
            CancellationToken.None);
    }

    /// <summary>Prepares what the store needs before its first process.</summary>
    protected virtual Task PrepareAsync(string folder) => Task.CompletedTask;

    /// <summary>Repeats the batch that was interrupted.</summary>
    private async Task GoOnAsync(string folder)
    {
        await using var under = storeIn(folder);
        await under.PrepareAsync();
        var (store, closeAsync) = under.Open<CounterRow>(SampleProjections.Concurrent());
        await store.Registry.PrepareAsync(CancellationToken.None);
        var point = (await store.Registry.ClaimPartitionsAsync(1, [Partition], CancellationToken.None)).Single();
        await WriteBatchAsync(store, point.Epoch, point.NextOffset);
        await closeAsync();
    }

    /// <summary>Asserts that rows and dead letters follow from the checkpoint.</summary>
    private async Task<long> ShouldBeOfOneMomentAsync(string folder, string when)
    {
        await using var under = storeIn(folder);
        await under.PrepareAsync();
        var (store, closeAsync) = under.Open<CounterRow>(SampleProjections.Concurrent());
        await store.Registry.PrepareAsync(CancellationToken.None);
        var registry = await store.Registry.ReadAsync(CancellationToken.None);
        registry.Generations.ShouldHaveSingleItem(when).State.ShouldBe(GenerationState.Building, when);
        var next = (await store.Registry.CheckpointsAsync(1, CancellationToken.None)).Sum(checkpoint => checkpoint.NextOffset);
        var rows = (await store.ScanAsync(1, null, int.MaxValue, CancellationToken.None)).ToDictionary(row => row.CounterId);
        var truth = new Dictionary<Guid, CounterRow>();
        for (var offset = 0L; offset < next; offset++)
        {
            var row = truth.GetValueOrDefault(KeyAt(offset)) ?? new CounterRow(KeyAt(offset), 0, 0, null);
            truth[row.CounterId] = row with { Total = row.Total + offset, Events = row.Events + 1 };
        }

        rows.Values.ShouldBe(truth.Values, ignoreOrder: true, when);
        var deadLetters = await store.Registry.DeadLettersAsync(int.MaxValue, CancellationToken.None);
        deadLetters.Select(deadLetter => deadLetter.Offset)
            .ShouldBe(
                Enumerable.Range(0, (int)((next + DeadLetterEvery - 1) / DeadLetterEvery)).Select(n => (long)n * DeadLetterEvery), when);
        await closeAsync();
        return next;
    }

    private static string ProgressOf(string folder) => $"{folder}.batches";

    private static int BatchesOf(string folder) =>
        File.Exists(ProgressOf(folder))
            && int.TryParse(File.ReadAllText(ProgressOf(folder)), NumberStyles.None, CultureInfo.InvariantCulture, out var batches)
            ? batches
            : 0;

    private static Guid KeyAt(long offset) => Keys[offset * 31 % Counters];

    private static LogRecord RecordAt(long offset) => new()
    {
        Log = Partition.Log,
        Partition = Partition.Partition,
        Offset = offset,
        EventId = new Guid((int)offset, 1, 0, new byte[8]),
        StreamId = KeyAt(offset),
        StreamVersion = offset,
        Type = "shop.counted.v1",
        Data = Encoding.UTF8.GetBytes("{}"),
        OccurredAt = DateTimeOffset.UnixEpoch,
        CorrelationId = Guid.Empty,
    };
}
