using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Tests.Sample;

namespace Monolith.BuildingBlocks.Tests.Generations;

/// <summary>One kind of store as the contract of the replay engine is tested on it: how a host opens it, and what can be seen of it from outside.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>What reports call it.</summary>
    internal abstract string Name { get; }

    /// <summary>Whether it is a server that only such projections need.</summary>
    internal virtual bool IsRemote => false;

    /// <summary>A counter's name that the store refuses, escaped for JSON, and what the reason says.</summary>
    internal abstract (string Name, string Reason) Refused { get; }

    private protected SampleDatabase Database { get; private set; } = null!;

    public abstract ValueTask DisposeAsync();

    internal void Use(SampleDatabase database) => Database = database;

    /// <summary>Whatever has to be there before it is opened.</summary>
    internal virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Opens it as a process of its own does; nothing is prepared yet.</summary>
    internal abstract OpenedStore<TRow> Open<TRow>(ProjectionDefinition definition)
        where TRow : class;

    /// <summary>What queries see, of the live rows or of a snapshot.</summary>
    internal abstract Task<List<TRow>> SeenAsync<TRow>(string? snapshot = null)
        where TRow : class;

    /// <summary>Whether queries find a snapshot.</summary>
    internal abstract Task<bool> HasSnapshotAsync(string snapshot);

    /// <summary>A client that asks for one counter after the other.</summary>
    internal abstract Task<CounterReader> NewReaderAsync();

    /// <summary>Whether the rows of a generation are there.</summary>
    internal abstract Task<bool> HasRowsAsync(int generation);

    /// <summary>What is left of a generation beside its entry; null where nothing is.</summary>
    internal abstract Task<string?> LeftOfAsync(int generation);

    /// <summary>Changes rows by hand, past the engine.</summary>
    internal abstract Task DamageAsync(int generation, IReadOnlyList<CounterRow> written, IReadOnlyList<Guid> removed);

    /// <summary>From here on nothing can be added to the record of operators, as on a disk that is full.</summary>
    /// <returns>What the failure of an attempt says.</returns>
    internal abstract Task<string> RefuseRecordsAsync();

    /// <summary>The record of operators can be added to again.</summary>
    internal abstract Task TakeRecordsAsync();

    /// <summary>A store as one process has it open; disposed with the process.</summary>
    internal sealed record OpenedStore<TRow>(IProjectionStore<Guid, TRow> Store, Func<ValueTask> CloseAsync)
        where TRow : class;

    /// <summary>Reads how many events a counter has; 0 where there is none.</summary>
    internal sealed record CounterReader(Func<Guid, Task<int>> EventsOfAsync, Func<ValueTask> CloseAsync);
}
