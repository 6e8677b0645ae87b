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

/// <summary>Waits for a read model within the process, as a request with a consistency token does.</summary>
public static class ReadModelGateWaits
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Waits up to 10 s until a read model has applied an event, on any host.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="readModel">The read model, by the name of its projection.</param>
    /// <param name="happened">The event.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="TimeoutException">The read model has not applied it in time.</exception>
    public static async Task WaitUntilAppliedAsync(
        this IReadModelGate gate, string readModel, Event happened, CancellationToken cancellation)
    {
        var envelope = happened.Envelope;
        var next = new LogOffset(envelope.Log, envelope.Partition, envelope.Offset + 1);
        if (await gate.WaitAsync([readModel], [next], WaitTimeout, cancellation) is not null)
            throw new TimeoutException($"{readModel} has not seen {next} within {WaitTimeout.TotalSeconds:0} s.");
    }
}
