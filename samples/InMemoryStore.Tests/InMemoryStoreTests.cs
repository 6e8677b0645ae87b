using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Samples.InMemoryStore.Tests;

/// <summary>The store contract on the sample store.</summary>
public static class InMemoryStoreTests
{
    [Trait("Category", "Module")]
    public sealed class RebuildTests() : RebuildContract(new InMemoryStoreUnderTest());

    [Trait("Category", "Module")]
    public sealed class PoisonTests() : PoisonContract(new InMemoryStoreUnderTest());

    [Trait("Category", "Module")]
    public sealed class SnapshotTests() : SnapshotContract(new InMemoryStoreUnderTest());

    [Trait("Category", "Module")]
    public sealed class VerifyTests() : VerifyContract(new InMemoryStoreUnderTest());

    [Trait("Category", "Module")]
    public sealed class OperatorTests() : OperatorContract(new InMemoryStoreUnderTest());

    [Trait("Category", "Module")]
    public sealed class InterruptionTests() : InterruptionContract(new InMemoryStoreUnderTest());

    [Trait("Category", "Module")]
    public sealed class OneBatchTests() : OneBatchContract(new InMemoryStoreUnderTest());

    [Trait("Category", "Module")]
    public sealed class RandomHistoryTests() : RandomHistoryContract(histories: 20, () => new InMemoryStoreUnderTest());

    [Trait("Category", "Module")]
    public sealed class DocumentRegistryTests() : HeldBatchContract(new InMemoryStoreUnderTest());
}

/// <summary>Opens the sample store as the contract requires, and looks at it from outside.</summary>
internal sealed class InMemoryStoreUnderTest : StoreUnderTest
{
    private const string Unacceptable = "unacceptable";
    private const string Full = "the registry is full";

    private readonly InMemoryDatabase<Guid, CounterRow> database = new();
    private IGenerationRegistry? registry;

    public override string Name => "memory";

    public override (string Name, string Reason) Refused => (Unacceptable, "the store does not accept this name");

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override OpenedStore<TRow> Open<TRow>(ProjectionDefinition definition)
    {
        var store = new InMemoryStore<Guid, CounterRow>(database, definition, row => row.CounterId)
        {
            Refuses = row => row.Name == Unacceptable ? "the store does not accept this name" : null,
        };
        registry = store.Registry;
        return new((IProjectionStore<Guid, TRow>)(object)store, () =>
        {
            store.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    public override async Task<List<TRow>> SeenAsync<TRow>(string? snapshot = null) =>
        [.. (snapshot is null ? database.Rows("shop.counters") : (await SnapshotAsync(snapshot))!.State.Rows.Values).Cast<TRow>()];

    public override async Task<bool> HasSnapshotAsync(string snapshot) => await SnapshotAsync(snapshot) is not null;

    public override Task<CounterReader> NewReaderAsync() => Task.FromResult(new CounterReader(
        counter => Task.FromResult(database.Rows("shop.counters").FirstOrDefault(row => row.CounterId == counter)?.Events ?? 0),
        () => ValueTask.CompletedTask));

    public override Task<bool> HasRowsAsync(int generation) => Task.FromResult(database.Find(generation) is not null);

    public override Task<string?> LeftOfAsync(int generation) => Task.FromResult(database.Find(generation) is null ? null : "its rows");

    public override Task DamageAsync(int generation, IReadOnlyList<CounterRow> written, IReadOnlyList<Guid> removed)
    {
        database.Find(generation)!.Damage(written.Select(row => KeyValuePair.Create(row.CounterId, row)), removed);
        return Task.CompletedTask;
    }

    public override Task<string> RefuseRecordsAsync()
    {
        database.RegistryFailure = new InvalidOperationException(Full);
        return Task.FromResult(Full);
    }

    public override Task TakeRecordsAsync()
    {
        database.RegistryFailure = null;
        return Task.CompletedTask;
    }

    private async Task<InMemoryGeneration<Guid, CounterRow>?> SnapshotAsync(string snapshot)
    {
        var generations = (await registry!.ReadAsync(CancellationToken.None)).Generations;
        return generations.FirstOrDefault(
            generation => generation.State == GenerationState.Snapshot && generation.Snapshot == snapshot) is { Number: var number }
            ? database.Find(number)
            : null;
    }
}
