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
    public static async Task WaitUntilAppliedAsync(this IReadModelGate gate, string readModel, Event happened, CancellationToken cancellation)
    {
        var envelope = happened.Envelope;
        var next = new LogOffset(envelope.Log, envelope.Partition, envelope.Offset + 1);
        if (await gate.WaitAsync([readModel], [next], WaitTimeout, cancellation) is not null)
            throw new TimeoutException($"{readModel} has not seen {next} within {WaitTimeout.TotalSeconds:0} s.");
    }
}
