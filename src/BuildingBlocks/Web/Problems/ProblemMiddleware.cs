using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Web.Routing;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>
/// Gives every failure a problem document: what an endpoint threw, and what server or routing answered with a bare status. Nothing of an exception reaches the caller; it is logged here, once.
/// </summary>
internal sealed partial class ProblemMiddleware(
    RequestDelegate next, IEnumerable<IStorageFailureClassifier> classifiers, ILogger<ProblemMiddleware> logger)
{
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // Nobody is there to answer; a stream that was left is no failure.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = ClientClosedRequest;
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
            return;
        }

        if (!IsBareFailure(context.Response))
            return;
        if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
            HeadRouting.CompleteAllow(context.Response.Headers);
        await context.AnswerAsync(ProblemMapping.Of(context.Response.StatusCode, context.Request));
    }

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        ForgetAnswer(context.Response);
        if (exception is BadHttpRequestException bad)
            return context.AnswerAsync(ProblemMapping.Of(bad.StatusCode, context.Request));
        if (exception is RefusedRequestException refused)
            return context.AnswerAsync(refused.Problem);

        var failure = StorageFailures.Of(exception, classifiers);
        if (failure == StorageFailure.Building)
            return context.AnswerAsync(StorageErrors.Building);

        if (failure == StorageFailure.Unavailable)
        {
            LogUnavailable(exception, context.Request.Method, context.Request.Path);
            return context.AnswerAsync(StorageErrors.Unavailable);
        }

        LogUnhandled(exception, context.Request.Method, context.Request.Path);
        return context.AnswerAsync(ProblemMapping.Of(StatusCodes.Status500InternalServerError, context.Request));
    }

    private static bool IsBareFailure(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null };

    // What an endpoint meant to say (an ETag, a Location) no longer holds.
    private static void ForgetAnswer(HttpResponse response)
    {
        response.Headers.ETag = default;
        response.Headers.Location = default;
        response.ContentLength = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was answered with 503: the database is not available")]
    private partial void LogUnavailable(Exception exception, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogUnhandled(Exception exception, string method, PathString path);
}
