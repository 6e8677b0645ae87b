using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// The part of a registry that a <see cref="DocumentRegistry"/> leaves to the store: for each generation its rows, checkpoints and dead
/// letters, and which generation queries read. Each step is one commit of the store. Steps are repeated after a crash, so each must succeed
/// where it was done already.
/// </summary>
/// <remarks>
/// The registry runs its steps one at a time in a process. Reads (checkpoints, dead letters, counts) may run at any time, and so may
/// batches.
/// </remarks>
public interface IGenerationRows
{
    /// <summary>The kind of store (<c>lucene</c>).</summary>
    string Store { get; }

    /// <summary>The name of this copy if the store is local to one process; see <see cref="IGenerationRegistry.Instance"/>.</summary>
    string? Instance { get; }

    /// <summary>
    /// Opens the store, before any other call; called again after a failure. A local store claims its folder here, and throws if another
    /// process has it.
    /// </summary>
    /// <param name="cancellation">Cancels the operation.</param>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>Deletes the rows of all generations, because their registry is lost or unreadable.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The highest number of a generation that existed; 0 if there was none.</returns>
    Task<int> ClearAsync(CancellationToken cancellation);

    /// <summary>Creates an empty generation; leaves an existing one as it is.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task CreateAsync(int generation, CancellationToken cancellation);

    /// <summary>Checks that the rows of a generation exist and are readable. Throws if the store is unavailable.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>Why the rows are unusable and have to be rebuilt; null if they are usable.</returns>
    Task<string?> FindFaultAsync(int generation, CancellationToken cancellation);

    /// <summary>Makes earlier commits durable, for stores that flush them with a delay.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task FlushAsync(int generation, CancellationToken cancellation);

    /// <summary>
    /// Deletes the checkpoints of a generation that has ended, so that further commits fail with <see cref="CheckpointLostException"/>.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task DeleteCheckpointsAsync(int generation, CancellationToken cancellation);

    /// <summary>
    /// Deletes what exists of a generation: rows, checkpoints and dead letters. Throws while queries read them; the call is then repeated.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task RemoveAsync(int generation, CancellationToken cancellation);

    /// <summary>
    /// Switches queries to a generation, with all events below its checkpoints visible. Called when the generation is live in the registry,
    /// and again at every start.
    /// </summary>
    /// <param name="generation">The generation's number; null if none is live: queries are then refused.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task ServeAsync(int? generation, CancellationToken cancellation);

    /// <summary>
    /// Whether queries are switched before the registry changes. The generation that queries read then decides which one is live, and the
    /// registry is corrected to match it. For stores that several processes share, any of which may end between the two steps.
    /// </summary>
    bool ServesBeforeRegistry => false;

    /// <summary>The generation that queries read, if <see cref="ServesBeforeRegistry"/>; null if there is none.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<int?> ServedGenerationAsync(CancellationToken cancellation) => Task.FromResult<int?>(null);

    /// <summary>
    /// How far queries see a generation whose writes are blocked: its checkpoints, or higher offsets where rows become visible before their
    /// checkpoints.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<PartitionCheckpoint>> VisibleCheckpointsAsync(int generation, CancellationToken cancellation) =>
        CheckpointsAsync(generation, cancellation);

    /// <summary>
    /// Blocks writes to a generation until the result is disposed, while its checkpoints are compared and its successor is promoted.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>Unblocks writes when disposed; null if a running batch does not end within a moment.</returns>
    Task<IAsyncDisposable?> BlockWritesAsync(int generation, CancellationToken cancellation);

    /// <summary>Reads the checkpoints of a generation; empty if there are none, or the generation does not exist.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation);

    /// <summary>Claims partitions: each checkpoint gets the next epoch; a new one starts with epoch 1 and offset 0.</summary>
    /// <param name="generation">The generation, which has not ended.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(
        int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation);

    /// <summary>Counts the dead letters of a generation.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<DeadLetterCount> CountDeadLettersAsync(int generation, CancellationToken cancellation);

    /// <summary>The keys that have dead letters, as text.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlySet<string>> DeadLetterKeysAsync(int generation, CancellationToken cancellation);

    /// <summary>Lists the dead letters of a generation in the order of their sequence.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="after">The sequence of the last dead letter before; 0 for the first list.</param>
    /// <param name="limit">The maximum number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int generation, long after, int limit, CancellationToken cancellation);

    /// <summary>Adds a request to dead letters; it replaces an older one.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="key">One key; null for all.</param>
    /// <param name="request">The request.</param>
    /// <param name="operation">The operation that requests it.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>How many dead letters the request is for.</returns>
    Task<long> AddRequestAsync(
        int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation);

    /// <summary>The progress of a requeue or discard.</summary>
    /// <param name="generation">The generation that it is about.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<RequestProgress> RequestProgressAsync(int generation, Guid operation, CancellationToken cancellation);

    /// <summary>Removes the requests of an operation from the dead letters that remain.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task RemoveRequestAsync(int generation, Guid operation, CancellationToken cancellation);
}

/// <summary>The number of dead letters of a generation.</summary>
/// <param name="Events">All dead letters.</param>
/// <param name="WithRequest">Those with a pending request.</param>
public readonly record struct DeadLetterCount(long Events, long WithRequest);

/// <summary>The progress of a requeue or discard.</summary>
/// <param name="PendingKeys">Keys whose first dead letter still has the request of the operation.</param>
/// <param name="Remaining">Dead letters that remain, of all that the operation is about.</param>
public readonly record struct RequestProgress(long PendingKeys, long Remaining);
