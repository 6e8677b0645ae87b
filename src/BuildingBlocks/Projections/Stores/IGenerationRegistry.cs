using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// The registry that a store keeps beside its rows: generations, their checkpoints, what operators asked for. Every step is one transaction of the store, and whatever its states say is the truth.
/// </summary>
public interface IGenerationRegistry
{
    /// <summary>What kind of store it is (<c>postgres</c>).</summary>
    string Store { get; }

    /// <summary>
    /// Of a store that is local to one process: a short name of this copy, which stays the same for as long as the copy is there. Such a copy follows all partitions by itself, and is rebuilt and
    /// promoted by itself. Null where all processes share the store; not known before <see cref="PrepareAsync"/>.
    /// </summary>
    string? Instance { get; }

    /// <summary>Makes the store, its first generation (building) and the stable name that queries read, where they are missing. Safe from several processes at once, of different versions too.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">The rows of this version cannot stand under the same name as those before.</exception>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>What the registry holds now.</summary>
    /// <param name="cancellation">Gives up.</param>
    Task<Registry> ReadAsync(CancellationToken cancellation);

    /// <summary>Makes a generation, empty, and records with it who asked: whoever builds it ends the operation, be it at once.</summary>
    /// <param name="request">What it is for.</param>
    /// <param name="operation">The operation that asks; it is recorded with the generation's number, or not at all.</param>
    /// <param name="action">What was asked for, in words.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its number; null where another one is under way, or the snapshot's name is taken.</returns>
    Task<int?> CreateAsync(GenerationRequest request, Operation operation, string action, CancellationToken cancellation);

    /// <summary>Claims the build of a generation for a time, or renews the claim, and notes what has been folded in memory.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="builder">Who claims.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="folded">What has been folded in memory; null to leave it as it is.</param>
    /// <param name="fill">How far the writing of rows is; null to leave it as it is.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether the claim is the caller's, and the generation is still under way.</returns>
    Task<bool> ClaimAsync(int generation, Guid builder, TimeSpan lease, IReadOnlyDictionary<LogPartition, long>? folded, FillProgress? fill, CancellationToken cancellation);

    /// <summary>Gives a claim back.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="builder">Who claimed.</param>
    /// <param name="cancellation">Gives up.</param>
    Task ReleaseAsync(int generation, Guid builder, CancellationToken cancellation);

    /// <summary>Notes the heads of the logs at the start of a build, once, and whether it begins in memory.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="targets">The next offset of each partition.</param>
    /// <param name="inMemory">Whether its rows are folded in memory first.</param>
    /// <param name="cancellation">Gives up.</param>
    Task BeginAsync(int generation, IReadOnlyDictionary<LogPartition, long> targets, bool inMemory, CancellationToken cancellation);

    /// <summary>Gives up folding in memory; the build goes on in batches, from its checkpoints.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task LeaveMemoryAsync(int generation, CancellationToken cancellation);

    /// <summary>Marks a built generation ready: it follows the log and waits for an operator.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="reason">Why it waits.</param>
    /// <param name="cancellation">Gives up.</param>
    Task MarkReadyAsync(int generation, string reason, CancellationToken cancellation);

    /// <summary>Keeps a built generation as a snapshot, under its name.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="rowHash">The hash over its rows.</param>
    /// <param name="cancellation">Gives up.</param>
    Task KeepAsync(int generation, string rowHash, CancellationToken cancellation);

    /// <summary>Notes the hash over the rows of a generation.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="rowHash">The hash.</param>
    /// <param name="cancellation">Gives up.</param>
    Task NoteHashAsync(int generation, string rowHash, CancellationToken cancellation);

    /// <summary>Notes what is wrong with the records that a generation is made from; each is kept once, however often it is noted.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="faults">What is wrong, in sentences.</param>
    /// <param name="cancellation">Gives up.</param>
    Task NoteFaultsAsync(int generation, IReadOnlyList<string> faults, CancellationToken cancellation);

    /// <summary>Asks that a generation be promoted: one that is under way, or a retired one.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="recording">The operation that asks; it is recorded with the asking, or not at all.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it could be asked.</returns>
    Task<bool> AskPromotionAsync(int generation, Recording recording, CancellationToken cancellation);

    /// <summary>Holds the live generation for a moment: its batches wait, so that its successor can reach it.</summary>
    /// <param name="span">For how long; it ends by itself.</param>
    /// <param name="cancellation">Gives up.</param>
    Task HoldAsync(TimeSpan span, CancellationToken cancellation);

    /// <summary>
    /// Tries to make a generation the live one, in one transaction of the store: proceeds only where it is at or past the live one in every partition, and never makes readers wait longer than a moment.
    /// </summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<PromotionOutcome> PromoteAsync(int generation, CancellationToken cancellation);

    /// <summary>Ends a generation that is not live: rows, checkpoints and parked events no longer count from here on, and <see cref="CleanAsync"/> removes them.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="state">The state it ends in: cancelled, failed or dropped.</param>
    /// <param name="reason">Why.</param>
    /// <param name="recording">The operation that asked for it, recorded with the end, or not at all; null where nobody asked.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it could be ended from the state that it is in.</returns>
    Task<bool> EndAsync(int generation, GenerationState state, string? reason, Recording? recording, CancellationToken cancellation);

    /// <summary>Ends the catching up of a retired generation; it stays retired.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="reason">Why.</param>
    /// <param name="recording">The operation that asked for it, recorded with the end, or not at all; null where nobody asked.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it was being caught up.</returns>
    Task<bool> StayRetiredAsync(int generation, string reason, Recording? recording, CancellationToken cancellation);

    /// <summary>Removes what is left of a generation that was ended.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task CleanAsync(int generation, CancellationToken cancellation);

    /// <summary>Notes that nothing is left of a generation, in the transport either.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task MarkCleanedAsync(int generation, CancellationToken cancellation);

    /// <summary>The checkpoints of a generation.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation);

    /// <summary>Takes ownership of partitions: each gets the next epoch, which fences whoever had it before. A generation that has ended gives none.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The checkpoint of each.</returns>
    Task<IReadOnlyList<Checkpoint>> TakeAsync(int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation);

    /// <summary>Pauses or resumes the projection, on every host.</summary>
    /// <param name="paused">Whether it is paused from here on.</param>
    /// <param name="recording">The operation that asks, recorded with the change, or not at all.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether that changed anything.</returns>
    Task<bool> SetPausedAsync(bool paused, Recording recording, CancellationToken cancellation);

    /// <summary>Parked events, of all generations that are kept.</summary>
    /// <param name="limit">The most to list.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="after">Where the list before ended; null for the first.</param>
    Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellation, DeadLetterCursor? after = null);

    /// <summary>Asks for something to be done with parked events.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="key">One key; null for all.</param>
    /// <param name="request">What.</param>
    /// <param name="recording">The operation that asks, recorded with the asking where there is anything parked.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many events are concerned.</returns>
    Task<long> AskAsync(int generation, string? key, DeadLetterRequest request, Recording recording, CancellationToken cancellation);

    /// <summary>Records what an operator asked for where nothing else changes with it: a refusal.</summary>
    /// <param name="operation">The operation as it is now.</param>
    /// <param name="action">What was asked for, in words.</param>
    /// <param name="cancellation">Gives up.</param>
    Task RecordAsync(Operation operation, string action, CancellationToken cancellation);

    /// <summary>Ends an operation that still runs.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="state">How it ended.</param>
    /// <param name="detail">What became of it.</param>
    /// <param name="result">What it found, as JSON.</param>
    /// <param name="cancellation">Gives up.</param>
    Task EndOperationAsync(Guid operation, OperationState state, string detail, string? result, CancellationToken cancellation);

    /// <summary>Ends a requeue or discard that still runs, once the parked events that it is about have been looked at.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="live">The live generation, if there is one.</param>
    /// <param name="cancellation">Gives up.</param>
    Task EndRequestAsync(Operation operation, int? live, CancellationToken cancellation);

    /// <summary>An operation of this projection, or null.</summary>
    /// <param name="operation">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Operation?> OperationAsync(Guid operation, CancellationToken cancellation);

    /// <summary>Operations of a kind that still run.</summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<Operation>> RunningAsync(IReadOnlyList<string> kinds, CancellationToken cancellation);

    /// <summary>The record of what operators did to this projection, newest first.</summary>
    /// <param name="limit">The most to list.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="after">Where the list before ended; null for the first.</param>
    Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, CancellationToken cancellation, ActionCursor? after = null);
}

/// <summary>What became of an attempt to promote.</summary>
public enum PromotionOutcome
{
    /// <summary>It is live.</summary>
    Promoted,

    /// <summary>It is not at or past the live one in every partition yet.</summary>
    Behind,

    /// <summary>A reader or writer was in the way; it passes by itself.</summary>
    Busy,

    /// <summary>It has parked keys that the live one has not: to promote it by itself would make answers worse.</summary>
    Parked,

    /// <summary>It is no longer to be promoted.</summary>
    Refused,
}
