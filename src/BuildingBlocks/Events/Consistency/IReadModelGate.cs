using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events.Consistency;

/// <summary>Delays a request until the read models that it queries show certain events.</summary>
public interface IReadModelGate
{
    /// <summary>
    /// Waits until read models show the events before some offsets. Offsets in logs that a read model does not read are ignored.
    /// </summary>
    /// <param name="readModels">The read models, by the names of their projections.</param>
    /// <param name="offsets">The offsets.</param>
    /// <param name="atMost">The longest time to wait.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>Null if the read models show the events; otherwise the error: the time is over, or a log ends before an offset.</returns>
    Task<Error?> WaitAsync(
        IReadOnlyList<string> readModels, IReadOnlyList<LogOffset> offsets, TimeSpan atMost, CancellationToken cancellation);
}
