using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events.Consistency;

/// <summary>Lets a request through once the read models that it is answered from have seen some events.</summary>
public interface IReadModelGate
{
    /// <summary>Waits until read models show the events before some places. A place in a log that a read model does not read is no reason to wait.</summary>
    /// <param name="readModels">The read models, by the names of their projections.</param>
    /// <param name="places">The places.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null once they do; else why they do not: the time is up, or a log does not reach that far.</returns>
    Task<Error?> WaitAsync(IReadOnlyList<string> readModels, IReadOnlyList<LogOffset> places, TimeSpan atMost, CancellationToken cancellation);
}
