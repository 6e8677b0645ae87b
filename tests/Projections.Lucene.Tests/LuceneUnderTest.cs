using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>
/// Rows in an index in a folder of the test. They are read through the process that has opened it, or by opening it if no process has.
/// </summary>
internal sealed class LuceneUnderTest : StoreUnderTest
{
    private const int TooLong = 40_000;

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private readonly TemporaryFolder? own;
    private readonly string path;
    private readonly LoggerFactory loggers = new();
    private readonly Stack<(object Store, IGenerationRegistry Registry, ILuceneIndex Index)> open = new();

    /// <param name="path">The folder of the files; a new one by default.</param>
    public LuceneUnderTest(string? path = null)
    {
        this.path = path ?? (own = new TemporaryFolder()).Path;
        loggers.AddProvider(Log);
    }

    /// <summary>The log of the stores.</summary>
    public RecordedLog Log { get; } = new();

    /// <summary>The index that queries of the process search.</summary>
    public ILuceneIndex Index => open.Peek().Index;

    /// <summary>The folder of the store.</summary>
    public string Folder => path;

    public override string Name => "lucene";

    public override (string Name, string Reason) Refused => (new string('x', TooLong), $"has a term of {TooLong} bytes");

    /// <summary>The mapping of counters to documents.</summary>
    public static LuceneMapping<Guid, TRow> MappingOf<TRow>()
        where TRow : class
    {
        var mapping = new LuceneMapping<Guid, TRow>((JsonTypeInfo<TRow>)Json.GetTypeInfo(typeof(TRow)), Of<TRow, Guid>("CounterId")!);
        return Of<TRow, string?>("Name") is { } name ? mapping.Keyword("name", name) : mapping;
    }

    public override ValueTask DisposeAsync()
    {
        loggers.Dispose();
        own?.Dispose();
        return ValueTask.CompletedTask;
    }

    public override OpenedStore<TRow> Open<TRow>(ProjectionDefinition definition)
    {
        var store = new LuceneStore<Guid, TRow>(path, definition, MappingOf<TRow>(), TimeProvider.System, loggers.CreateLogger("lucene"));
        open.Push((store, store.Registry, store.Index));
        return new(store, () =>
        {
            store.Dispose();
            if (open.TryPeek(out var last) && last.Store == store)
                open.Pop();
            return ValueTask.CompletedTask;
        });
    }

    public override Task<List<TRow>> SeenAsync<TRow>(string? snapshot = null) => OnIndexAsync(async index =>
        snapshot is null ? index.Read(AllRows<TRow>) : (await index.ReadAsync(snapshot, AllRows<TRow>, CancellationToken.None)).Value);

    public override Task<bool> HasSnapshotAsync(string snapshot) =>
        OnIndexAsync(async index => (await index.ReadAsync(snapshot, _ => true, CancellationToken.None)).Error is null);

    public override Task<CounterReader> NewReaderAsync()
    {
        var json = (JsonTypeInfo<CounterRow>)Json.GetTypeInfo(typeof(CounterRow));
        return Task.FromResult(new CounterReader(
            counter =>
            {
                var key = KeyText.Of(counter);
                return Task.FromResult(open.Peek().Index.Read(search => search.Rows([key], json).GetValueOrDefault(key)?.Events ?? 0));
            },
            () => ValueTask.CompletedTask));
    }

    public override Task<bool> HasRowsAsync(int generation) => Task.FromResult(Directory.Exists(PathOf(generation)));

    public override async Task<string?> LeftOfAsync(int generation) =>
        await HasRowsAsync(generation) ? "its folder"
        : (await open.Peek().Registry.CheckpointsAsync(generation, CancellationToken.None)).Count > 0 ? "its checkpoints"
        : (await open.Peek().Registry.DeadLettersAsync(int.MaxValue, CancellationToken.None))
            .Any(deadLetter => deadLetter.Generation == generation) ? "its dead letters"
        : null;

    public override Task<string> RefuseRecordsAsync() => RegistryFile.RefuseAsync(path);

    public override Task TakeRecordsAsync()
    {
        RegistryFile.Take(path);
        return Task.CompletedTask;
    }

    public override async Task DamageAsync(int generation, IReadOnlyList<CounterRow> written, IReadOnlyList<Guid> removed)
    {
        var store = (IProjectionStore<Guid, CounterRow>)open.Peek().Store;
        await using var batch = await store.BeginAsync(generation, CancellationToken.None);
        RowChange<Guid, CounterRow>[] changes =
        [
            .. written.Select(row => new RowChange<Guid, CounterRow>(row.CounterId, row)),
            .. removed.Select(key => new RowChange<Guid, CounterRow>(key, null))
        ];
        await batch.CommitAsync(new BatchCommit<Guid, CounterRow>(changes, [], [], []), CancellationToken.None);
    }

    /// <summary>The folder of a generation.</summary>
    public string PathOf(int generation) => Path.Combine(path, $"g{generation}");

    private async Task<T> OnIndexAsync<T>(Func<ILuceneIndex, Task<T>> look)
    {
        if (open.TryPeek(out var running))
            return await look(running.Index);
        var (store, closeAsync) = Open<CounterRow>(SampleProjections.Concurrent(Logs.Shop.Catalogue));
        await store.Registry.PrepareAsync(CancellationToken.None);
        var answer = await look(open.Peek().Index);
        await closeAsync();
        return answer;
    }

    private static List<TRow> AllRows<TRow>(LuceneSearch search) =>
        [.. RowReader.Scan(search.Searcher.IndexReader, null, int.MaxValue).Select(row => JsonSerializer.Deserialize<TRow>(row, Json)!)];

    private static Func<TRow, T>? Of<TRow, T>(string property) =>
        typeof(TRow).GetProperty(property)?.GetMethod?.CreateDelegate<Func<TRow, T>>();
}
