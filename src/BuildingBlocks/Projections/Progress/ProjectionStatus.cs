using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>
/// The state of a projection in this process. Its runner writes it; health checks and requests that wait for an event read it.
/// </summary>
public sealed class ProjectionStatus
{
    private volatile GenerationProgress? live;
    private volatile GenerationProgress? building;
    private volatile Registry? registry;

    /// <summary>Creates the status of a projection that owns no partition yet.</summary>
    /// <param name="name">The projection's name.</param>
    /// <param name="version">The version of its fold.</param>
    /// <param name="logs">The logs that feed it.</param>
    public ProjectionStatus(string name, int version, IReadOnlyList<string> logs)
    {
        Name = name;
        Version = version;
        Logs = logs;
        Shared = new SharedProgress(Advanced, TimeProvider.System);
    }

    /// <summary>The projection's name.</summary>
    public string Name { get; }

    /// <summary>The version of its fold in this binary.</summary>
    public int Version { get; }

    /// <summary>The logs that feed the projection.</summary>
    public IReadOnlyList<string> Logs { get; }

    /// <summary>The generation that queries read; 0 before the first is built.</summary>
    public int Generation => registry?.Live?.Number ?? 0;

    /// <summary>The registry when it was last read; null before.</summary>
    public Registry? Registry => registry;

    /// <summary>Why the projection does not run; null while it runs.</summary>
    public string? Problem => RegistryProblem ?? live?.Problem ?? (registry?.Live is null ? building?.Problem : null);

    /// <summary>Why the registry cannot be read; null while it can.</summary>
    internal string? RegistryProblem { get; set; }

    /// <summary>Why the last batch could not be written; null once one was written.</summary>
    public string? BatchProblem => live?.BatchProblem;

    /// <summary>The first problem of the reader, if there is one.</summary>
    public string? TransportProblem => live?.TransportProblem;

    /// <summary>The partitions of the live generation that this process owns.</summary>
    public IReadOnlyCollection<PartitionStatus> Partitions => live?.Partitions ?? [];

    /// <summary>The partitions of a generation that this process owns; empty if it does not run the generation.</summary>
    /// <param name="generation">The generation's number.</param>
    public IReadOnlyCollection<PartitionStatus> PartitionsOf(int generation) =>
        (registry?.Live?.Number == generation ? live : registry?.UnderWay?.Number == generation ? building : null)?.Partitions ?? [];

    /// <summary>Event types that this binary does not know, with the offset at which each was read first.</summary>
    public IReadOnlyDictionary<string, string> UnknownTypes => live?.UnknownTypes ?? new Dictionary<string, string>();

    /// <summary>How long the current batch has been tried; zero between batches.</summary>
    public TimeSpan ApplyingFor => live?.ApplyingFor ?? TimeSpan.Zero;

    /// <summary>
    /// Pulsed with every step of any generation, when another one becomes live, and when another process reports its progress.
    /// </summary>
    internal LogSignal Advanced { get; } = new();

    /// <summary>The progress of other processes that share the store.</summary>
    internal SharedProgress Shared { get; }

    /// <summary>Pulsed when this process has changed the registry, so that the runner reads it at once.</summary>
    internal LogSignal Changed { get; } = new();

    /// <summary>Waits until this process has applied the events of a partition below an offset.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task WaitForAsync(LogPartition partition, long offset, CancellationToken cancellation)
    {
        while (true)
        {
            var version = Advanced.Version;
            if (HasApplied(partition, offset))
                return;
            await Advanced.WaitAsync(version, cancellation);
        }
    }

    /// <summary>Whether this process applies a partition of the live generation.</summary>
    internal bool Applies(LogPartition partition) => live?.Find(partition) is not null;

    /// <summary>Whether this process applies a partition of the live generation, and has applied all events below an offset.</summary>
    internal bool HasApplied(LogPartition partition, long offset) => live?.Find(partition)?.NextOffset >= offset;

    internal void Update(Registry current, GenerationProgress? liveProgress, GenerationProgress? buildProgress)
    {
        registry = current;
        live = liveProgress;
        building = buildProgress;
        Advanced.Pulse();
    }
}

/// <summary>The progress of one partition of a projection.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The next offset to apply.</param>
/// <param name="Stopped">Why it is stopped, if it is.</param>
/// <param name="Waiting">What it waits for, if records are missing or it makes no progress.</param>
public sealed record PartitionStatus(LogPartition Partition, long NextOffset, string? Stopped, string? Waiting)
{
    /// <summary>The next offset to fold; ahead of the checkpoint during a rebuild in memory.</summary>
    internal long Folded { get; init; }

    /// <summary>The epoch of the ownership.</summary>
    internal long Epoch { get; init; }
}
