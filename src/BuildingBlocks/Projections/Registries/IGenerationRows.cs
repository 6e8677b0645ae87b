using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// What a <see cref="DocumentRegistry"/> leaves to the store, since it lives with the rows: a place a generation, its checkpoints, its parked events, and what queries read. Each step is one commit of
/// the store. Steps are repeated after a crash, so that each must hold where it is done already.
/// </summary>
public interface IGenerationRows
{
    /// <summary>What kind of store it is (<c>lucene</c>).</summary>
    string Store { get; }

    /// <summary>Of a store that is local to one process: the name of this copy; see <see cref="IGenerationRegistry.Instance"/>.</summary>
    string? Instance { get; }

    /// <summary>Opens the store, before anything else; called again after it failed. A local store claims its folder here, and refuses where another process has it.</summary>
    /// <param name="cancellation">Gives up.</param>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>Throws away the rows of all generations: their registry was lost or cannot be read.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The highest number of a generation that was there; 0 where there was none.</returns>
    Task<int> ClearAsync(CancellationToken cancellation);

    /// <summary>Makes the place of a generation, empty; leaves it as it is where it is there.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task CreateAsync(int generation, CancellationToken cancellation);

    /// <summary>Looks whether the rows of a generation are there and can be read.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is wrong with them, so that they have to be thrown away; null where nothing is. A store that is only away throws.</returns>
    Task<string?> FaultAsync(int generation, CancellationToken cancellation);

    /// <summary>Sees that what was committed so far survives a crash; for stores whose commits may come to the disk a little later.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task FlushAsync(int generation, CancellationToken cancellation);

    /// <summary>Forgets the checkpoints of a generation that has ended: whoever still writes to it has lost them.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task CloseAsync(int generation, CancellationToken cancellation);

    /// <summary>Removes rows, checkpoints and parked events of a generation, as far as there are any. Throws while somebody reads them; it is tried again.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task RemoveAsync(int generation, CancellationToken cancellation);

    /// <summary>Lets queries read the rows of a generation from here on, up to its checkpoints at least. Called when the registry has it live, and again at every start.</summary>
    /// <param name="generation">Its number; null where none is live: queries are refused.</param>
    /// <param name="cancellation">Gives up.</param>
    Task ShowAsync(int? generation, CancellationToken cancellation);

    /// <summary>
    /// Whether queries are shown a generation before the registry has it live: what they read is then the truth, and a registry that says otherwise is mended. So it is where several processes share the
    /// store, any of which may end in between.
    /// </summary>
    bool ShowsFirst => false;

    /// <summary>The generation that queries read, of a store that shows first; null where there is none.</summary>
    /// <param name="cancellation">Gives up.</param>
    Task<int?> QueriedAsync(CancellationToken cancellation) => Task.FromResult<int?>(null);

    /// <summary>How far queries see a generation that no batch gets into: its checkpoints, or further where rows become visible before them.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<PartitionCheckpoint>> ShownAsync(int generation, CancellationToken cancellation) => CheckpointsAsync(generation, cancellation);

    /// <summary>Keeps all batches out of a generation until the disposal, so that its checkpoints can be compared and its successor take over.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The end of it; null where a batch does not get out of the way within a moment.</returns>
    Task<IAsyncDisposable?> FreezeAsync(int generation, CancellationToken cancellation);

    /// <summary>The checkpoints of a generation; empty where there is none, or the generation is not there.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation);

    /// <summary>Takes ownership of partitions: each gets the next epoch, the first time epoch 1 and offset 0.</summary>
    /// <param name="generation">The generation, which has not ended.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<Checkpoint>> TakeAsync(int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation);

    /// <summary>How many events are parked.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<DeadLetterCount> ParkedAsync(int generation, CancellationToken cancellation);

    /// <summary>The keys that are parked, as text.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlySet<string>> ParkedKeysAsync(int generation, CancellationToken cancellation);

    /// <summary>The parked events of a generation, in the order in which they were parked.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="after">The sequence after which to begin; 0 for the first.</param>
    /// <param name="limit">The most to list.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int generation, long after, int limit, CancellationToken cancellation);

    /// <summary>Marks parked events as asked for; what is marked already gets the newer mark.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="key">One key; null for all.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="operation">The operation that asks.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many events are concerned.</returns>
    Task<long> AskAsync(int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation);

    /// <summary>How far a requeue or discard is.</summary>
    /// <param name="generation">The generation that it asked about.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<RequestProgress> RequestAsync(int generation, Guid operation, CancellationToken cancellation);

    /// <summary>Takes an operation's marks from what is parked still.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellation">Gives up.</param>
    Task ForgetAsync(int generation, Guid operation, CancellationToken cancellation);
}

/// <summary>How many events of a generation are parked.</summary>
/// <param name="Events">The parked events.</param>
/// <param name="Asked">Those for which an operator asked something that is not done yet.</param>
public readonly record struct DeadLetterCount(long Events, long Asked);

/// <summary>How far a requeue or discard is.</summary>
/// <param name="OpenKeys">Keys whose first parked event still has to be looked at: it is the operation's, and is asked for.</param>
/// <param name="Parked">Events that are parked still, of all that the operation asked for.</param>
public readonly record struct RequestProgress(long OpenKeys, long Parked);
