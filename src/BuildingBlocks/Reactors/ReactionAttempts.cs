using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>Calls a reactor for one event until it succeeds, with growing pauses.</summary>
internal sealed partial class ReactionAttempts(string name, Reactor reactor, IServiceScopeFactory scopes, ILogger logger)
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private static readonly ActivitySource Source = new("Monolith.Reactors");

    private string Span => $"react {name}";

    /// <exception cref="OperationCanceledException">This process does not own the partition any more.</exception>
    public async Task HandleAsync(Event e, OwnedPartition partition, CancellationToken cancellation)
    {
        for (var pause = MinPause; ; pause = Longer(pause))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await AttemptAsync(e, cancellation);
                return;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                partition.NoteFailure(
                    $"The reaction to {e.Envelope.Type} {e.Id} ({partition.Partition} offset {e.Envelope.Offset}) fails: "
                    + $"{exception.GetType().Name}: {exception.Message}");
                LogFailure(name, e.Id, e.Envelope.Type, partition.Partition, e.Envelope.Offset, pause.TotalMilliseconds, exception);
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private async Task AttemptAsync(Event e, CancellationToken cancellation)
    {
        using var activity = StartActivity(e.Envelope.TraceParent);
        await reactor.ReactAsync(new Reaction(name, e, scopes), cancellation);
    }

    // Events that follow belong to the trace of this event, even if there is no listener for spans in this process.
    private Activity StartActivity(string? parent)
    {
        if (Source.StartActivity(Span, ActivityKind.Consumer, parent) is { } traced)
            return traced.SetTag("reactor", name);
        var activity = new Activity(Span);
        if (parent is not null)
            activity.SetParentId(parent);
        return activity.Start();
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < MaxPause ? pause * 2 : MaxPause;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The reactor {Reactor} failed at the event {EventId} ({Type}, {Partition} offset {Offset}); "
            + "it tries again in {Pause} ms.")]
    private partial void LogFailure(
        string reactor, Guid eventId, string type, LogPartition partition, long offset, double pause, Exception exception);
}
