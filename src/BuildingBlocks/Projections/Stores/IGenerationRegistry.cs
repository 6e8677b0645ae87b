using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// The registry of one projection, kept where its rows are: generations, checkpoints, dead letters and the record of operators. Every step
/// is one transaction of the store. All members may be called concurrently, from several processes unless <see cref="Instance"/> is set. A
/// step that does not apply to the current state changes nothing, and says so where it returns a value.
/// </summary>
/// <remarks>
/// A store without transactions over rows and registry implements <c>IGenerationRows</c> and <c>IRegistryDocument</c> and uses
/// <c>DocumentRegistry</c>.
/// </remarks>
public interface IGenerationRegistry
{
    /// <summary>The kind of store (<c>postgres</c>).</summary>
    string Store { get; }

    /// <summary>
    /// Null if all processes share the store. Otherwise the store is local to this process, which applies all partitions to it, and
    /// rebuilds and promotes it independently of other processes; the value is then a short name of this copy that stays the same as long
    /// as the copy exists. Not known before <see cref="PrepareAsync"/>.
    /// </summary>
    string? Instance { get; }

    /// <summary>
    /// Creates what is missing: the store, its first generation (building) and the stable name that queries read. May run in several
    /// processes at once, also of different versions.
    /// </summary>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="InvalidOperationException">The rows of this version are not compatible with those of earlier versions.</exception>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>Reads the registry.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Registry> ReadAsync(CancellationToken cancellation);

    /// <summary>
    /// Creates an empty generation and records the operation that requested it. The process that builds the generation ends it.
    /// </summary>
    /// <param name="request">What to create.</param>
    /// <param name="operation">The operation; it is recorded together with the generation.</param>
    /// <param name="action">The request in words.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The generation's number; null if another one is under way, or the snapshot's name is in use.</returns>
    Task<int?> CreateAsync(GenerationRequest request, Operation operation, string action, CancellationToken cancellation);

    /// <summary>Claims a rebuild for some time, or renews the claim, and stores its progress.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="builder">The process that claims it.</param>
    /// <param name="lease">How long the claim holds.</param>
    /// <param name="folded">The offsets folded in memory; null leaves them as they are.</param>
    /// <param name="fill">The progress of writing rows; null leaves it as it is.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>Whether the caller holds the claim and the generation is still under way.</returns>
    Task<bool> ClaimRebuildAsync(
        int generation,
        Guid builder,
        TimeSpan lease,
        IReadOnlyDictionary<LogPartition, long>? folded,
        FillProgress? fill,
        CancellationToken cancellation);

    /// <summary>Releases a claim.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="builder">The process that claimed it.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task ReleaseRebuildAsync(int generation, Guid builder, CancellationToken cancellation);

    /// <summary>Stores the heads of the logs at the start of a rebuild. Later calls change nothing.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="targets">The head of each partition.</param>
    /// <param name="inMemory">Whether rows are folded in memory first.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task SetTargetsAsync(
        int generation, IReadOnlyDictionary<LogPartition, long> targets, bool inMemory, CancellationToken cancellation);

    /// <summary>Ends folding in memory: the rebuild continues in batches, from its checkpoints.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task SwitchToBatchesAsync(int generation, CancellationToken cancellation);

    /// <summary>Marks a rebuilt generation as ready: it follows the log and waits for an operator to promote it.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="reason">Why it waits.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task MarkReadyAsync(int generation, string reason, CancellationToken cancellation);

    /// <summary>Turns a built generation into a snapshot, which queries read under its name.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="rowHash">The hash over its rows.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task CompleteSnapshotAsync(int generation, string rowHash, CancellationToken cancellation);

    /// <summary>Stores the hash over the rows of a generation.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="rowHash">The hash.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task SetRowHashAsync(int generation, string rowHash, CancellationToken cancellation);

    /// <summary>
    /// Adds faults found in the records that a generation is built from. A fault that is stored already is not added again.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="faults">The faults, in sentences.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task AddFaultsAsync(int generation, IReadOnlyList<string> faults, CancellationToken cancellation);

    /// <summary>Requests the promotion of a generation that is under way or retired.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="recording">The operation; it is recorded together with the change.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>Whether the generation can be promoted.</returns>
    Task<bool> RequestPromotionAsync(int generation, OperationRecord recording, CancellationToken cancellation);

    /// <summary>
    /// Blocks writes to the live generation, so that its successor can catch up with it. Its commits throw
    /// <see cref="WritesBlockedException"/> meanwhile.
    /// </summary>
    /// <param name="span">For how long; zero ends it.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task BlockLiveWritesAsync(TimeSpan span, CancellationToken cancellation);

    /// <summary>
    /// Tries to make a generation the live one, atomically for queries: only if promotion was requested and its checkpoint is at or past
    /// that of the live one in every partition. Queries are never blocked for longer than a moment.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<PromotionOutcome> PromoteAsync(int generation, CancellationToken cancellation);

    /// <summary>
    /// Ends a generation that is not live. From then on its rows, checkpoints and dead letters no longer count, and nothing can be written
    /// to it; <see cref="CleanAsync"/> deletes them.
    /// </summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="state">The final state: cancelled, failed or dropped.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="recording">The operation, recorded together with the change; null without an operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>Whether the state of the generation allowed it.</returns>
    Task<bool> EndAsync(
        int generation, GenerationState state, string? reason, OperationRecord? recording, CancellationToken cancellation);

    /// <summary>Ends the catching up of a retired generation; it stays retired.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="recording">The operation, recorded together with the change; null without an operator.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>Whether it was catching up.</returns>
    Task<bool> CancelCatchUpAsync(int generation, string reason, OperationRecord? recording, CancellationToken cancellation);

    /// <summary>Deletes the rows, checkpoints and dead letters of a generation that has ended. May throw while queries use them.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task CleanAsync(int generation, CancellationToken cancellation);

    /// <summary>Records that nothing of a generation is left, in the store and in the transport.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task MarkCleanedAsync(int generation, CancellationToken cancellation);

    /// <summary>Reads the checkpoints of a generation.</summary>
    /// <param name="generation">The generation's number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation);

    /// <summary>
    /// Claims partitions: each checkpoint gets the next epoch, so that commits of the previous owner fail with
    /// <see cref="CheckpointLostException"/>.
    /// </summary>
    /// <param name="generation">The generation.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The checkpoints; empty if the generation has ended.</returns>
    Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(
        int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation);

    /// <summary>Pauses or resumes the projection on every host.</summary>
    /// <param name="paused">Whether to pause it.</param>
    /// <param name="recording">The operation; it is recorded together with the change.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>Whether this changed anything.</returns>
    Task<bool> SetPausedAsync(bool paused, OperationRecord recording, CancellationToken cancellation);

    /// <summary>Lists the dead letters of all generations that have not ended, as <see cref="DeadLetterCursor"/> orders them.</summary>
    /// <param name="limit">The maximum number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="after">The last entry of the list before; null for the first list.</param>
    Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellation, DeadLetterCursor? after = null);

    /// <summary>Adds a request to dead letters; a newer request replaces an older one. The owners of the partitions carry it out.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="key">One key; null for all.</param>
    /// <param name="request">The request.</param>
    /// <param name="recording">The operation; it is recorded together with the request, if there are any dead letters.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>How many dead letters the request is for.</returns>
    Task<long> AddRequestAsync(
        int generation, string? key, DeadLetterRequest request, OperationRecord recording, CancellationToken cancellation);

    /// <summary>Records an operation that changes nothing else: one that was refused.</summary>
    /// <param name="operation">The operation in its final state.</param>
    /// <param name="action">The request in words.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task RecordAsync(Operation operation, string action, CancellationToken cancellation);

    /// <summary>Ends a running operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="state">The final state.</param>
    /// <param name="detail">The outcome in words.</param>
    /// <param name="result">The result as JSON, if there is any.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task EndOperationAsync(Guid operation, OperationState state, string detail, string? result, CancellationToken cancellation);

    /// <summary>Ends a running requeue or discard once all its keys were handled, or its generation is no longer live.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="live">The live generation, if there is one.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task EndDeadLetterRequestAsync(Operation operation, int? live, CancellationToken cancellation);

    /// <summary>Finds an operation of this projection; null if there is none with this id.</summary>
    /// <param name="operation">Its id.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<Operation?> FindOperationAsync(Guid operation, CancellationToken cancellation);

    /// <summary>Lists running operations of some kinds, oldest first.</summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<Operation>> RunningOperationsAsync(IReadOnlyList<string> kinds, CancellationToken cancellation);

    /// <summary>Lists the record of operators for this projection, newest first.</summary>
    /// <param name="limit">The maximum number.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="after">The last entry of the list before; null for the first list.</param>
    Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, CancellationToken cancellation, ActionCursor? after = null);
}

/// <summary>The outcome of an attempt to promote a generation.</summary>
public enum PromotionOutcome
{
    /// <summary>The generation is live.</summary>
    Promoted,

    /// <summary>Its checkpoint is behind that of the live generation in some partition.</summary>
    Behind,

    /// <summary>A query or a batch holds a lock; try again later.</summary>
    Busy,

    /// <summary>It has dead letters of keys for which the live generation has none, so that an operator must decide.</summary>
    NewDeadLetters,

    /// <summary>Its promotion is not requested any more.</summary>
    Refused,
}
