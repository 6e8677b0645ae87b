using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Reactors;

namespace Monolith.Reactors.Tests;

/// <summary>A reactor that records events after it has called the test.</summary>
internal sealed class RecordingReactor : Reactor
{
    private readonly ConcurrentQueue<Seen> seen = new();

    /// <summary>The handled events, in order.</summary>
    public Seen[] All => [.. seen];

    /// <summary>Called first, with the event and the cancellation token.</summary>
    public Func<Event, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public long[] Of(Guid counter) => [.. All.Where(entry => entry.Counter == counter).Select(entry => entry.By)];

    public RecordingReactor() => On<Counted>(NoteAsync);

    private async Task NoteAsync(Counted counted, Reaction reaction, CancellationToken cancellation)
    {
        await Before(reaction.Cause, cancellation);
        seen.Enqueue(new Seen(counted.CounterId, counted.By, reaction.Cause.Id, reaction.IdempotencyKey));
    }

    internal sealed record Seen(Guid Counter, long By, Guid EventId, Guid Key);
}
