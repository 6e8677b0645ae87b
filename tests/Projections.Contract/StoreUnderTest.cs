using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>
/// One kind of store under the contract of the replay engine: how a host opens it, and what is visible from outside.
/// </summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>The name of the store in reports.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the store is a server that only its projections need.</summary>
    public virtual bool IsRemote => false;

    /// <summary>The name of a counter that the store refuses, escaped for JSON, and a part of the reason.</summary>
    public abstract (string Name, string Reason) Refused { get; }

    protected SampleLogs Logs { get; private set; } = null!;

    public abstract ValueTask DisposeAsync();

    /// <summary>Classify the failures of the driver.</summary>
    public virtual IReadOnlyList<IStorageFailureClassifier> FailureClassifiers => [];

    /// <summary>Creates the logs of a test, in memory by default.</summary>
    public virtual SampleLogs NewLogs() => new InMemoryLogs();

    /// <summary>Sets the logs that the projections of this store read.</summary>
    public void Use(SampleLogs logs) => Logs = logs;

    /// <summary>Prepares what the store needs before it is opened.</summary>
    public virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Opens the store like a separate process, without preparing it.</summary>
    public abstract OpenedStore<TRow> Open<TRow>(ProjectionDefinition definition)
        where TRow : class;

    /// <summary>The rows that queries see, live or of a snapshot.</summary>
    public abstract Task<List<TRow>> SeenAsync<TRow>(string? snapshot = null)
        where TRow : class;

    /// <summary>Whether queries find a snapshot.</summary>
    public abstract Task<bool> HasSnapshotAsync(string snapshot);

    /// <summary>Creates a client that reads single counters.</summary>
    public abstract Task<CounterReader> NewReaderAsync();

    /// <summary>Whether the rows of a generation exist.</summary>
    public abstract Task<bool> HasRowsAsync(int generation);

    /// <summary>What remains of a generation in addition to its registry entry, or null.</summary>
    public abstract Task<string?> LeftOfAsync(int generation);

    /// <summary>Changes rows without the engine.</summary>
    public abstract Task DamageAsync(int generation, IReadOnlyList<CounterRow> written, IReadOnlyList<Guid> removed);

    /// <summary>Makes writes to the audit log fail, like a full disk.</summary>
    /// <returns>A part of the message of the failure.</returns>
    public abstract Task<string> RefuseRecordsAsync();

    /// <summary>Makes writes to the audit log succeed again.</summary>
    public abstract Task TakeRecordsAsync();

    /// <summary>A store that a process has opened.</summary>
    public sealed record OpenedStore<TRow>(IProjectionStore<Guid, TRow> Store, Func<ValueTask> CloseAsync)
        where TRow : class;

    /// <summary>Reads the number of events of a counter; 0 if it does not exist.</summary>
    public sealed record CounterReader(Func<Guid, Task<int>> EventsOfAsync, Func<ValueTask> CloseAsync);
}
