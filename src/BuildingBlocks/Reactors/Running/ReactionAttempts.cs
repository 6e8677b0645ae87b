using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Reactors.Running;

/// <summary>Reacts to one event until it succeeds, with longer and longer pauses.</summary>
internal sealed partial class ReactionAttempts(string name, Reactor reactor, IServiceScopeFactory scopes, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private static readonly ActivitySource Source = new("Monolith.Reactors");

    private string Span => $"react {name}";

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
        using var activity = StartActivity(happened.Envelope.TraceParent);
        await reactor.ReactAsync(new Reaction(name, happened, scopes), cancellation);
    }

    /// <summary>What follows from the event belongs to its trace, also where nobody listens here.</summary>
    private Activity StartActivity(string? parent)
    {
        if (Source.StartActivity(Span, ActivityKind.Consumer, parent) is { } traced)
            return traced.SetTag("reactor", name);
        var activity = new Activity(Span);
        if (parent is not null)
            activity.SetParentId(parent);
        return activity.Start();
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactor {Reactor} failed at the event {EventId} ({Type}, {Partition} offset {Offset}); it tries again in {Pause} ms.")]
    private partial void Failed(string reactor, Guid eventId, string type, LogPartition partition, long offset, double pause, Exception exception);
}
