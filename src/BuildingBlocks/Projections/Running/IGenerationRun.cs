using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>A generation that this process keeps going.</summary>
internal interface IGenerationRun : IAsyncDisposable
{
    int Number { get; }

    GenerationProgress Progress { get; }

    bool HasEnded { get; }

    LogSignal Work { get; }

    /// <summary>Whether it only follows the log, and the registry says that it is to be promoted by now: it was live until a moment ago.</summary>
    bool IsOutdated(Generation now);

    /// <summary>Tells what the registry says of it now.</summary>
    void Update(Generation now, bool besideLive);
}
