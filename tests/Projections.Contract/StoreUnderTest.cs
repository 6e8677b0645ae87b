using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>
/// One kind of store as the contract of the replay engine is tested on it: how a host opens it, and what can be seen of it from outside.
/// </summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>What reports call it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it is a server that only such projections need.</summary>
    public virtual bool IsRemote => false;

    /// <summary>A counter's name that the store refuses, escaped for JSON, and what the reason says.</summary>
    public abstract (string Name, string Reason) Refused { get; }

    protected SampleLogs Logs { get; private set; } = null!;

    public abstract ValueTask DisposeAsync();

    /// <summary>How the driver of the store classifies failures.</summary>
    public virtual IReadOnlyList<IStorageFailureClassifier> FailureClassifiers => [];

    /// <summary>The logs of a test: in memory, unless the store needs them elsewhere.</summary>
    public virtual SampleLogs NewLogs() => new InMemoryLogs();

    /// <summary>Names the logs that the projections of this store read.</summary>
    public void Use(SampleLogs logs) => Logs = logs;

    /// <summary>Whatever has to be there before it is opened.</summary>
    public virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Opens it as a process of its own does; nothing is prepared yet.</summary>
    public abstract OpenedStore<TRow> Open<TRow>(ProjectionDefinition definition)
        where TRow : class;

    /// <summary>What queries see, of the live rows or of a snapshot.</summary>
    public abstract Task<List<TRow>> SeenAsync<TRow>(string? snapshot = null)
        where TRow : class;

    /// <summary>Whether queries find a snapshot.</summary>
    public abstract Task<bool> HasSnapshotAsync(string snapshot);

    /// <summary>A client that asks for one counter after the other.</summary>
    public abstract Task<CounterReader> NewReaderAsync();

    /// <summary>Whether the rows of a generation are there.</summary>
    public abstract Task<bool> HasRowsAsync(int generation);

    /// <summary>What is left of a generation beside its entry; null where nothing is.</summary>
    public abstract Task<string?> LeftOfAsync(int generation);

    /// <summary>Changes rows by hand, past the engine.</summary>
    public abstract Task DamageAsync(int generation, IReadOnlyList<CounterRow> written, IReadOnlyList<Guid> removed);

    /// <summary>From here on nothing can be added to the record of operators, as on a disk that is full.</summary>
    /// <returns>What the failure of an attempt says.</returns>
    public abstract Task<string> RefuseRecordsAsync();

    /// <summary>The record of operators can be added to again.</summary>
    public abstract Task TakeRecordsAsync();

    /// <summary>A store as one process has it open; disposed with the process.</summary>
    public sealed record OpenedStore<TRow>(IProjectionStore<Guid, TRow> Store, Func<ValueTask> CloseAsync)
        where TRow : class;

    /// <summary>Reads how many events a counter has; 0 where there is none.</summary>
    public sealed record CounterReader(Func<Guid, Task<int>> EventsOfAsync, Func<ValueTask> CloseAsync);
}
