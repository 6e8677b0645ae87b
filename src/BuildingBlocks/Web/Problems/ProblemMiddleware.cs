using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Web.Routing;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>
/// Writes a problem document for every exception, and for every failure that the server or routing reports with a bare status. Exceptions
/// are logged here, once; nothing of them reaches the client.
/// </summary>
internal sealed partial class ProblemMiddleware(
    RequestDelegate next, IEnumerable<IStorageFailureClassifier> classifiers, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (IsDisconnect(context, exception))
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, exception);
            return;
        }

        if (!IsBareFailure(context.Response))
            return;
        if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
            HeadRouting.CompleteAllow(context.Response.Headers);
        await context.WriteProblemAsync(ProblemMapping.Of(context.Response.StatusCode, context.Request));
    }

    private Task WriteAsync(HttpContext context, Exception exception)
    {
        ResetHeaders(context.Response);
        if (exception is BadHttpRequestException bad)
            return context.WriteProblemAsync(ProblemMapping.Of(bad.StatusCode, context.Request));
        if (exception is RequestRefusedException refused)
            return context.WriteProblemAsync(refused.Problem);

        switch (StorageFailures.Of(exception, classifiers))
        {
            case StorageFailure.Building:
                return context.WriteProblemAsync(StorageErrors.Building);
            case StorageFailure.Unavailable:
                LogUnavailable(exception, context.Request.Method, context.Request.Path);
                return context.WriteProblemAsync(StorageErrors.Unavailable);
            default:
                LogUnhandled(exception, context.Request.Method, context.Request.Path);
                return context.WriteProblemAsync(ProblemMapping.Of(StatusCodes.Status500InternalServerError, context.Request));
        }
    }

    private static bool IsDisconnect(HttpContext context, Exception exception) =>
        context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException;

    private static bool IsBareFailure(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null };

    // The headers that an endpoint set for its success no longer hold.
    private static void ResetHeaders(HttpResponse response)
    {
        response.Headers.ETag = default;
        response.Headers.Location = default;
        response.ContentLength = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} returned 503: the database is not available")]
    private partial void LogUnavailable(Exception exception, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogUnhandled(Exception exception, string method, PathString path);
}

/// <summary>Refuses a request while its body is read, where no result can be returned.</summary>
internal sealed class RequestRefusedException(Problem problem, Exception? cause = null) : Exception(problem.Detail, cause)
{
    public Problem Problem { get; } = problem;
}
