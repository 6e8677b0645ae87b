using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Monolith.BuildingBlocks.Web.ServerSentEvents;

namespace Monolith.Modules.Analytics.Live;

/// <summary>
/// The figures for one connection: all of the hour first, then what has changed, at most four times a second. There is nothing to come back to: who connects again gets all of the hour again.
/// </summary>
internal sealed class FiguresSource : IEventSource
{
    public const string MessageType = "minutes";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly LiveFigures figures;
    private readonly OrderCount count;
    private long version;
    private long? writtenAt;

    public FiguresSource(LiveFigures figures)
    {
        this.figures = figures;
        count = figures.Enter();
    }

    public string? LastEventId => null;

    public async ValueTask<bool> WriteAsync(IBufferWriter<byte> into, TimeSpan atMost, CancellationToken cancellation)
    {
        var pause = writtenAt is { } at ? Pace - Stopwatch.GetElapsedTime(at) : TimeSpan.Zero;
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, cancellation);

        var seen = count.Changed.Version;
        var (now, changed) = count.Since(version);
        if (changed.Count > 0 || writtenAt is null)
            Write(into, now, changed);
        else
            await count.Changed.WaitAsync(seen, atMost, cancellation);
        return true;
    }

    public ValueTask DisposeAsync()
    {
        figures.Leave();
        return ValueTask.CompletedTask;
    }

    private void Write(IBufferWriter<byte> into, long now, IReadOnlyList<MinuteFigures> changed)
    {
        SseText.Message(into, id: null, MessageType, JsonSerializer.SerializeToUtf8Bytes(new FiguresBody(changed), LiveJson.Web.FiguresBody));
        version = now;
        writtenAt = Stopwatch.GetTimestamp();
    }
}
