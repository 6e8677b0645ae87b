using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>Where a projection of this process stands; written by its runner, read by health checks and by those who wait for an event to be visible.</summary>
public sealed class ProjectionStatus
{
    private volatile GenerationProgress? live;
    private volatile GenerationProgress? building;
    private volatile Registry? registry;

    /// <summary>Starts with nothing owned.</summary>
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

    /// <summary>The generation that answers queries; 0 before the first is built.</summary>
    public int Generation => registry?.Live?.Number ?? 0;

    /// <summary>What the registry held when it was last read; null before.</summary>
    public Registry? Registry => registry;

    /// <summary>What keeps the whole projection from running; null while it runs.</summary>
    public string? Problem => RegistryProblem ?? live?.Problem ?? (registry?.Live is null ? building?.Problem : null);

    /// <summary>Why the registry cannot be followed; null while it can.</summary>
    internal string? RegistryProblem { get; set; }

    /// <summary>What keeps batches from being written, until one gets through; null where nothing does.</summary>
    public string? BatchProblem => live?.BatchProblem;

    /// <summary>What the reader has trouble with; null where there is none.</summary>
    public string? TransportProblem => live?.TransportProblem;

    /// <summary>The partitions of the live generation that this process owns.</summary>
    public IReadOnlyCollection<PartitionStatus> Partitions => live?.Partitions ?? [];

    /// <summary>The partitions of a generation that this process owns; empty where it does not keep it going.</summary>
    /// <param name="generation">The generation's number.</param>
    public IReadOnlyCollection<PartitionStatus> PartitionsOf(int generation) =>
        (registry?.Live?.Number == generation ? live : registry?.UnderWay?.Number == generation ? building : null)?.Partitions ?? [];

    /// <summary>Types that were read and that this binary does not know, with the event where each was seen first.</summary>
    public IReadOnlyDictionary<string, string> UnknownTypes => live?.UnknownTypes ?? new Dictionary<string, string>();

    /// <summary>How long the batch in work has been tried; zero between batches.</summary>
    public TimeSpan ApplyingFor => live?.ApplyingFor ?? TimeSpan.Zero;

    /// <summary>Pulsed with every step of any generation, when another one becomes live, and when another process says how far it is.</summary>
    internal LogSignal Advanced { get; } = new();

    /// <summary>What other processes say that share the store.</summary>
    internal SharedProgress Shared { get; }

    /// <summary>Pulsed when the registry has changed, so that the runner looks at once.</summary>
    internal LogSignal Changed { get; } = new();

    /// <summary>Waits until the events of a partition below an offset are visible in the rows, as far as this process applies them.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The next offset that the checkpoint must have reached.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task WaitForAsync(LogPartition partition, long offset, CancellationToken cancellation)
    {
        while (true)
        {
            var seen = Advanced.Version;
            if (HasApplied(partition, offset))
                return;
            await Advanced.WaitAsync(seen, cancellation);
        }
    }

    /// <summary>Whether this process applies a partition of the live generation.</summary>
    internal bool Applies(LogPartition partition) => live?.Find(partition) is not null;

    /// <summary>Whether this process applies a partition of the live generation, and has applied everything below an offset.</summary>
    internal bool HasApplied(LogPartition partition, long offset) => live?.Find(partition)?.NextOffset >= offset;

    /// <summary>Waits until something changes, as far as this process knows.</summary>
    internal Task WaitForChangeAsync(long seen, CancellationToken cancellation) => Advanced.WaitAsync(seen, cancellation);

    internal void Show(Registry now, GenerationProgress? ofLive, GenerationProgress? ofBuild)
    {
        registry = now;
        live = ofLive;
        building = ofBuild;
        Advanced.Pulse();
    }
}

/// <summary>Where one partition of a projection stands.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The next offset to apply.</param>
/// <param name="Stopped">Why it is stopped; null where it is not.</param>
/// <param name="Waiting">What its input lacks; null where nothing is missing.</param>
public sealed record PartitionStatus(LogPartition Partition, long NextOffset, string? Stopped, string? Waiting)
{
    /// <summary>The next offset to fold; ahead of what is committed while a generation is built in memory.</summary>
    internal long Folded { get; init; }

    /// <summary>The number of the ownership.</summary>
    internal long Epoch { get; init; }
}
