using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>One client's connection: sends what its source gives, heartbeats where it gives nothing, and says goodbye to a client that is too slow.</summary>
internal sealed class EventConnection(HttpContext context, IEventSource source, TimeSpan heartbeat, CancellationToken stopping)
{
    /// <summary>The name of the last message to a client that was too slow.</summary>
    public const string Dropped = "dropped";

    private const string WhyDropped = """{"reason":"too-slow","detail":"The stream went on faster than this connection took it. Connect again with the last id as Last-Event-ID: nothing is lost."}""";

    /// <summary>A client waits so long before it connects again.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Whoever has not taken one buffer full by then is gone. The lowest rate of other answers does not hold here: who is slow is to hear that nothing is lost.</summary>
    private static readonly TimeSpan TakesWithin = TimeSpan.FromMinutes(2);

    private readonly PipeWriter body = context.Response.BodyWriter;
    private long sentAt = Stopwatch.GetTimestamp();

    /// <summary>Sends until the client leaves, is too slow, or the host stops.</summary>
    public async Task RunAsync()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        Begin();
        // The headers are all of the answer.
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        SseText.Retry(body, RetryAfter);
        if (source.Place is { } place)
            SseText.Place(body, place);
        try
        {
            if (!await FlushAsync(ending.Token))
                return;
            while (await source.WriteAsync(body, Quiet(), ending.Token))
            {
                if (body.UnflushedBytes == 0)
                {
                    if (Quiet() > TimeSpan.Zero)
                        continue;
                    Beat();
                }

                if (!await FlushAsync(ending.Token))
                    return;
            }

            SayDropped();
            await FlushAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has left, or the host stops: a stream that ends is an end, not a failure.
        }
    }

    private void Begin()
    {
        var response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        // A proxy that gathers a response before it passes it on would hold back everything.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } lowest)
            lowest.MinDataRate = null;
    }

    /// <summary>How long nothing may be sent yet.</summary>
    private TimeSpan Quiet()
    {
        var left = heartbeat - Stopwatch.GetElapsedTime(sentAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // The place comes along: a client whose filter lets little through would else come back from far behind.
    private void Beat()
    {
        SseText.Comment(body, "heartbeat");
        if (source.Place is { } place)
            SseText.Place(body, place);
    }

    private void SayDropped() => SseText.Message(body, id: null, Dropped, Encoding.UTF8.GetBytes(WhyDropped));

    private async ValueTask<bool> FlushAsync(CancellationToken cancellation)
    {
        sentAt = Stopwatch.GetTimestamp();
        var flush = body.FlushAsync(cancellation);
        if (flush.IsCompletedSuccessfully)
            return !flush.Result.IsCompleted;
        try
        {
            return !(await flush.AsTask().WaitAsync(TakesWithin, CancellationToken.None)).IsCompleted;
        }
        catch (TimeoutException)
        {
            context.Abort();
            return false;
        }
    }
}
