using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.Modules.Analytics.Application.Exports;

namespace Monolith.Modules.Analytics.Api;

/// <summary>Sends exports, whole or in ranges.</summary>
internal sealed class ExportResponse(IExports exports, TimeProvider clock)
{
    public const string ContentType = "application/vnd.apache.parquet";

    private const string ConsistencyToken = "Consistency-Token";
    private const int MaxUserAgentLength = 256;

    public static Error EventsUnavailable(string reason) =>
        new(ErrorKind.Unavailable, "events-unavailable", "The events cannot be read", reason);

    public async Task<Error?> SendAsync(string dataSet, DateTimeOffset? until, HttpContext context)
    {
        if (until > clock.GetUtcNow())
            return RequestErrors.Invalid(new Dictionary<string, string[]> { ["until"] = ["Must not be in the future."] });
        var (key, client) = (new ExportKey(dataSet, until), ClientOf(context));
        try
        {
            var result = FindCached(key, client, context.Request) is { } cached
                ? cached
                : await exports.GetAsync(key, client, MustSeeEvents(context.Request), context.RequestAborted);
            if (!result.TryGet(out var file, out var error))
                return error;
            using (file)
                await SendAsync(file, $"{dataSet}.parquet", context);
        }
        catch (EventsUnavailableException exception)
        {
            return EventsUnavailable(exception.Message);
        }

        return null;
    }

    private static ExportClient ClientOf(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return new ExportClient(
            context.Connection.RemoteIpAddress, agent.Length > MaxUserAgentLength ? agent[..MaxUserAgentLength] : agent);
    }

    /// <summary>
    /// The file for a request that continues a download: the one with the tag of the request. For a range request without a tag, the one
    /// that this client was sent last, since another client may have been sent a newer one meanwhile.
    /// </summary>
    private ExportFile? FindCached(ExportKey key, ExportClient client, HttpRequest request)
    {
        var headers = request.GetTypedHeaders();
        var tags = headers.IfMatch.Where(tag => !tag.Equals(EntityTagHeaderValue.Any)).ToList();
        if (headers.IfRange?.EntityTag is { } tagOfRange)
            tags.Add(tagOfRange);
        if (tags.Count > 0)
            return exports.FindCached(key, client, [.. tags.Where(tag => !tag.IsWeak).Select(tag => tag.Tag.ToString())]);
        return request.Headers.Range.Count > 0 && !MustSeeEvents(request) ? exports.FindLastSent(key, client) : null;
    }

    // A cached file may be older than the events of the token.
    private static bool MustSeeEvents(HttpRequest request) => request.Headers[ConsistencyToken].Count > 0;

    private static async Task SendAsync(ExportFile file, string name, HttpContext context)
    {
        var response = context.Response;
        var tag = new EntityTagHeaderValue(file.Tag);
        var result = TypedResults.Stream(file.Content, ContentType, name, lastModified: null, tag, enableRangeProcessing: true);
        await result.ExecuteAsync(context);
        if (response is { HasStarted: true } or { StatusCode: < StatusCodes.Status400BadRequest })
            return;
        // A failed precondition or range: the problem document must not have the headers of the file.
        response.ContentType = null;
        response.ContentLength = null;
        response.Headers.Remove(HeaderNames.ContentDisposition);
    }
}
