using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Reactors.Running;

/// <summary>Reacts to one event until it succeeds, with longer and longer pauses.</summary>
internal sealed partial class ReactionAttempts(string name, IReactor reactor, IServiceScopeFactory scopes, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <exception cref="OperationCanceledException">The partition is no longer ours.</exception>
    public async Task SucceedAsync(Event happened, OwnedPartition partition, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await AttemptAsync(happened, cancellation);
                return;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                partition.NoteFailure($"The reaction to {happened.Envelope.Type} {happened.Id} ({partition.Partition} offset {happened.Envelope.Offset}) fails: {exception.GetType().Name}: {exception.Message}");
                Failed(name, happened.Id, happened.Envelope.Type, partition.Partition, happened.Envelope.Offset, pause.TotalMilliseconds, exception);
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private async Task AttemptAsync(Event happened, CancellationToken cancellation)
    {
        // What follows from the event belongs to its trace.
        using var activity = new Activity($"react {name}");
        if (happened.Envelope.TraceParent is { } parent)
            activity.SetParentId(parent);
        activity.Start();
        await reactor.ReactAsync(happened, new Reaction(name, happened, scopes), cancellation);
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} failed at the event {EventId} ({Type}, {Partition} offset {Offset}); it tries again in {Pause} ms.")]
    private partial void Failed(string reactor, Guid eventId, string type, LogPartition partition, long offset, double pause, Exception exception);
}
