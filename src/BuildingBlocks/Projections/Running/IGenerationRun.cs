using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>A generation that this process runs; hides the types of key and row from the runner.</summary>
internal interface IGenerationRun : IAsyncDisposable
{
    int Number { get; }

    GenerationProgress Progress { get; }

    bool HasEnded { get; }

    /// <summary>Pulsed when there are requests for dead letters to carry out.</summary>
    LogSignal Requests { get; }

    /// <summary>Whether it was started to follow the log only, but is to be promoted according to the registry.</summary>
    bool IsOutdated(Generation current);

    /// <summary>Updates it with the current state in the registry, and whether another generation is live.</summary>
    void Update(Generation current, bool hasOtherLive);
}
