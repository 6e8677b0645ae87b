using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Web.ServerSentEvents;
using Monolith.Modules.Analytics.Application.Live;

namespace Monolith.Modules.Analytics.Api;

/// <summary>
/// The live figures of one connection: first the whole hour, then changes, at most four times a second. A new connection gets the whole
/// hour again.
/// </summary>
internal sealed class FiguresSource : IEventSource
{
    public const string MessageType = "minutes";

    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);

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
        var pause = writtenAt is { } at ? MinInterval - Stopwatch.GetElapsedTime(at) : TimeSpan.Zero;
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
        var data = JsonSerializer.SerializeToUtf8Bytes(new FiguresBody(changed), FiguresJson.Web.FiguresBody);
        SseText.Message(into, id: null, MessageType, data);
        version = now;
        writtenAt = Stopwatch.GetTimestamp();
    }
}

/// <summary>One message: each row replaces the previous one of the same minute and currency.</summary>
internal sealed record FiguresBody(IReadOnlyList<MinuteFigures> Rows);

[JsonSerializable(typeof(FiguresBody))]
internal sealed partial class FiguresJson : JsonSerializerContext
{
    public static FiguresJson Web { get; } = new(EventJson.NewOptions());
}
