using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>
/// Sends the messages of a source to one client, and heartbeats while there are none. A client that is too slow gets a last message, so
/// that it reconnects.
/// </summary>
internal sealed class SseConnection(HttpContext context, IEventSource source, TimeSpan heartbeat, CancellationToken stopping)
{
    /// <summary>The name of the last message to a client that was too slow.</summary>
    public const string Dropped = "dropped";

    private const string DroppedData =
        """{"reason":"too-slow","detail":"The stream went on faster than this connection took it. """
        + """Connect again with the last id as Last-Event-ID: nothing is lost."}""";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Replaces the minimum data rate of other responses, which would close the connection without the last message.
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromMinutes(2);

    private readonly PipeWriter body = context.Response.BodyWriter;
    private long sentAt = Stopwatch.GetTimestamp();

    /// <summary>Sends until the client disconnects or is too slow, or the host stops.</summary>
    public async Task RunAsync()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        SetHeaders();
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        SseText.Retry(body, RetryAfter);
        WriteLastEventId();
        try
        {
            if (!await FlushAsync(ending.Token))
                return;
            while (await source.WriteAsync(body, UntilHeartbeat(), ending.Token))
            {
                if (body.UnflushedBytes == 0)
                {
                    if (UntilHeartbeat() > TimeSpan.Zero)
                        continue;
                    WriteHeartbeat();
                }

                if (!await FlushAsync(ending.Token))
                    return;
            }

            SseText.Message(body, id: null, Dropped, Encoding.UTF8.GetBytes(DroppedData));
            await FlushAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The end of a stream is not a failure.
        }
    }

    private void SetHeaders()
    {
        var response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        // Keeps nginx from buffering the stream.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }

    private TimeSpan UntilHeartbeat()
    {
        var left = heartbeat - Stopwatch.GetElapsedTime(sentAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // With the id a client whose filter matches few events does not reconnect far behind.
    private void WriteHeartbeat()
    {
        SseText.Comment(body, "heartbeat");
        WriteLastEventId();
    }

    private void WriteLastEventId()
    {
        if (source.LastEventId is { } id)
            SseText.Id(body, id);
    }

    private async ValueTask<bool> FlushAsync(CancellationToken cancellation)
    {
        sentAt = Stopwatch.GetTimestamp();
        var flush = body.FlushAsync(cancellation);
        if (flush.IsCompletedSuccessfully)
            return !flush.Result.IsCompleted;
        try
        {
            return !(await flush.AsTask().WaitAsync(FlushTimeout, CancellationToken.None)).IsCompleted;
        }
        catch (TimeoutException)
        {
            context.Abort();
            return false;
        }
    }
}
