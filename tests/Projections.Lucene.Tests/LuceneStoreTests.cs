using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>Batches that fail or come from an earlier owner.</summary>
[Trait("Category", "Module")]
public sealed class LuceneStoreTests : IDisposable
{
    private static readonly LogPartition Partition = new("shop.events", 0);
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private readonly TemporaryFolder folder = new();
    private readonly LuceneStore<Guid, CounterRow> store;
    private int refusals = int.MaxValue;

    public LuceneStoreTests()
    {
        var mapping =
            new LuceneMapping<Guid, CounterRow>((JsonTypeInfo<CounterRow>)Json.GetTypeInfo(typeof(CounterRow)), row => row.CounterId)
            .Keyword("name", Name);
        store = new LuceneStore<Guid, CounterRow>(
            folder.Below("store"), SampleProjections.Concurrent(), mapping, TimeProvider.System, NullLogger.Instance);
    }

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Interrupted_write_rolls_rows_and_checkpoints_back_together()
    {
        await store.Registry.PrepareAsync(CancellationToken.None);
        var point = (await store.Registry.ClaimPartitionsAsync(1, [Partition], CancellationToken.None)).Single();
        await CommitAsync(point, 0, 5);
        (await RowsAsync()).ShouldBe(5);
        // The first call for a row only checks it; the failure occurs after other rows are written.
        refusals = 13;

        await Should.ThrowAsync<InvalidOperationException>(() => CommitAsync(point, 5, 15));

        var reached = (await store.Registry.CheckpointsAsync(1, CancellationToken.None)).Single().NextOffset;
        (await RowsAsync()).ShouldBe((int)reached);
        reached.ShouldBeOneOf(0, 5);
        refusals = int.MaxValue;
        await CommitAsync(point, reached, 15);
        (await RowsAsync()).ShouldBe(15);
        await Should.ThrowAsync<CheckpointLostException>(() => CommitAsync(point, reached, 15));
    }

    [Fact]
    public async Task Earlier_owner_of_a_partition_writes_nothing()
    {
        await store.Registry.PrepareAsync(CancellationToken.None);
        var before = (await store.Registry.ClaimPartitionsAsync(1, [Partition], CancellationToken.None)).Single();
        var after = (await store.Registry.ClaimPartitionsAsync(1, [Partition], CancellationToken.None)).Single();

        await Should.ThrowAsync<CheckpointLostException>(() => CommitAsync(before, 0, 5));
        (await RowsAsync()).ShouldBe(0);
        await CommitAsync(after, 0, 5);
        (await RowsAsync()).ShouldBe(5);
    }

    private string? Name(CounterRow row) => refusals-- > 0 ? row.Name : throw new InvalidOperationException("refused by the test");

    // One row per offset.
    private async Task CommitAsync(Checkpoint point, long from, long to)
    {
        await using var batch = await store.BeginAsync(1, CancellationToken.None);
        var changes = Enumerable.Range((int)from, (int)(to - from))
            .Select(n => new Guid(n, 0, 0, new byte[8]))
            .Select(key => new RowChange<Guid, CounterRow>(key, new CounterRow(key, 1, 1, "name")))
            .ToArray();
        await batch.LoadAsync([.. changes.Select(change => change.Key)], [], [], CancellationToken.None);
        await batch.CommitAsync(
            new BatchCommit<Guid, CounterRow>(
                changes, [new CheckpointAdvance(Partition, point.Epoch, from, to, Guid.CreateVersion7(), to - 1, "test")], [], []),
            CancellationToken.None);
    }

    private async Task<int> RowsAsync() => (await store.ScanAsync(1, null, int.MaxValue, CancellationToken.None)).Count;
}
