using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;

namespace Monolith.Projections.DuckDb.Tests;

/// <summary>
/// Rows in files in a folder of the test. They are read through the process that has opened them, or by opening them if no process has.
/// The characters of a counter's name are in a child table, so that the contract covers child tables.
/// </summary>
internal sealed class DuckDbUnderTest : StoreUnderTest
{
    private const int LongestName = 9_999;

    private readonly TemporaryFolder? own;
    private readonly string path;
    private readonly Stack<Opened> open = new();

    /// <param name="path">The folder of the files; a new one by default.</param>
    public DuckDbUnderTest(string? path = null) => this.path = path ?? (own = new TemporaryFolder()).Path;

    public override string Name => "duckdb";

    // The column of the length has four digits.
    public override (string Name, string Reason) Refused => (new string('x', LongestName + 1), "takes 4 digits");

    public override ValueTask DisposeAsync()
    {
        own?.Dispose();
        return ValueTask.CompletedTask;
    }

    public override OpenedStore<TRow> Open<TRow>(ProjectionDefinition definition)
    {
        var instance =
            new DuckDbInstance(new DuckDbSettings(new ConfigurationBuilder().AddInMemoryCollection([new("Stores:Folder", path)]).Build()));
        var rows = new DuckDbRows<Guid, TRow>(instance, path, definition, TablesOf<TRow>(), TimeProvider.System);
        var store = new DuckDbStore<Guid, TRow>(instance, definition, TablesOf<TRow>(), rows);
        var opened = new Opened(instance, rows, store.Registry, async (generation, changes) =>
        {
            await using var batch = await store.BeginAsync(generation, CancellationToken.None);
            await batch.CommitAsync(
                new BatchCommit<Guid, TRow>(
                    [.. changes.Select(change => new RowChange<Guid, TRow>(change.Key, (TRow?)change.Row))], [], [], []),
                CancellationToken.None);
        });
        open.Push(opened);
        return new(store, () =>
        {
            store.Dispose();
            rows.Dispose();
            instance.Dispose();
            if (open.TryPeek(out var last) && last == opened)
                open.Pop();
            return ValueTask.CompletedTask;
        });
    }

    public override Task<List<TRow>> SeenAsync<TRow>(string? snapshot = null) => OnFilesAsync(async opened =>
    {
        var file = snapshot is null
            ? opened.Generations.EnterLive()
            : opened.Generations.Enter((await SnapshotAsync(opened, snapshot))!.Number)!;
        try
        {
            using var connection = opened.Instance.Connect();
            var largest = typeof(TRow) == typeof(CounterRow) ? "" : ", largest";
            return connection.Query(
                $"""
                select counter_id, total, events, (select string_agg(letter, '' order by "position") from {file.Catalog}.main.letters l where l.counter_id = c.counter_id), name{largest}
                from {file.Catalog}.main.counters c order by 1
                """,
                line =>
                {
                    var (key, total, events, letters, name) =
                        (line.Uuid(), line.Large(), line.Whole(), line.TextOrNull(), line.TextOrNull());
                    (letters ?? "").ShouldBe(name ?? "", "the child table holds the same");
                    return (TRow)Row<TRow>(key, total, events, name, largest.Length == 0 ? null : line.LargeOrNull());
                });
        }
        finally
        {
            file.Leave();
        }
    });

    public override Task<bool> HasSnapshotAsync(string snapshot) =>
        OnFilesAsync(async opened => await SnapshotAsync(opened, snapshot) is not null);

    public override Task<CounterReader> NewReaderAsync() => Task.FromResult(new CounterReader(
        counter =>
        {
            var opened = open.Peek();
            var file = opened.Generations.EnterLive();
            try
            {
                using var connection = opened.Instance.Connect();
                return Task.FromResult(connection.Query(
                    $"select events from {file.Catalog}.main.counters where counter_id = $1", line =>
                        line.Whole(), DuckDbKey<Guid>.Default.One(counter)).FirstOrDefault());
            }
            finally
            {
                file.Leave();
            }
        },
        () => ValueTask.CompletedTask));

    public override Task<bool> HasRowsAsync(int generation) =>
        Task.FromResult(
            File.Exists(Path.Combine(path, $"g{generation}.duckdb")) || File.Exists(Path.Combine(path, $"g{generation}.duckdb.wal")));

    public override async Task<string?> LeftOfAsync(int generation) =>
        await HasRowsAsync(generation) ? "its file"
        : (await open.Peek().Registry.CheckpointsAsync(generation, CancellationToken.None)).Count > 0 ? "its checkpoints"
        : (await open.Peek().Registry.DeadLettersAsync(int.MaxValue, CancellationToken.None))
            .Any(letter => letter.Generation == generation) ? "its dead letters"
        : null;

    public override Task<string> RefuseRecordsAsync() => RegistryFile.RefuseAsync(path);

    public override Task TakeRecordsAsync()
    {
        RegistryFile.Take(path);
        return Task.CompletedTask;
    }

    public override Task DamageAsync(int generation, IReadOnlyList<CounterRow> written, IReadOnlyList<Guid> removed) =>
        open.Peek()
            .ChangeAsync(
                generation, [.. written.Select(row => (row.CounterId, (object?)row)), .. removed.Select(key => (key, (object?)null))]);

    private async Task<T> OnFilesAsync<T>(Func<Opened, Task<T>> look)
    {
        if (open.TryPeek(out var running))
            return await look(running);
        var (store, closeAsync) = Open<CounterRow>(SampleProjections.Concurrent(Logs.Shop.Catalogue));
        await store.Registry.PrepareAsync(CancellationToken.None);
        try
        {
            return await look(open.Peek());
        }
        finally
        {
            await closeAsync();
        }
    }

    private static async Task<Generation?> SnapshotAsync(Opened opened, string snapshot) =>
        (await opened.Registry.ReadAsync(CancellationToken.None)).Generations.FirstOrDefault(
            generation => generation.State == GenerationState.Snapshot && generation.Snapshot == snapshot);

    private static DuckDbTables<Guid, TRow> TablesOf<TRow>()
        where TRow : class
    {
        var (key, total, events, name) =
            (Of<TRow, Guid>("CounterId"), Of<TRow, long>("Total"), Of<TRow, int>("Events"), Of<TRow, string?>("Name"));
        var largest = typeof(TRow).GetProperty("Largest") is null ? null : Of<TRow, long?>("Largest");
        return new DuckDbTables<Guid, TRow>(
                "counters",
                "counter_id",
                row => key(row),
                columns =>
                {
                    columns.Large("total", row => total(row))
                        .Whole("events", row => events(row))
                        .Text("name", row => name(row))
                        .Exact("length", 4, 0, row => name(row)?.Length);
                    if (largest is not null)
                        columns.Large("largest", row => largest(row));
                },
                (id, line) =>
                {
                    var (sum, count, text) = (line.Large(), line.Whole(), line.TextOrNull());
                    return (TRow)Row<TRow>(id, sum, count, text, largest is null ? null : line.Skip().LargeOrNull());
                })
            .With(
                "letters",
                row => (name(row) ?? "").Select(letter => letter.ToString()).ToArray(),
                columns => columns.Text("letter", letter => letter.Item),
                line => line.Text(),
                (row, _) => row,
                unchanged: (before, after) => name(before) == name(after));
    }

    private static object Row<TRow>(Guid key, long total, int events, string? name, long? largest) => typeof(TRow) == typeof(CounterRow)
        ? new CounterRow(key, total, events, name)
        : Activator.CreateInstance(typeof(TRow), key, total, events, name, largest)!;

    private static Func<TRow, T> Of<TRow, T>(string property) =>
        typeof(TRow).GetProperty(property)!.GetMethod!.CreateDelegate<Func<TRow, T>>();

    private sealed record Opened(
        DuckDbInstance Instance,
        IDuckDbGenerations Generations,
        IGenerationRegistry Registry,
        Func<int, IReadOnlyList<(Guid Key, object? Row)>, Task> ChangeAsync);
}
