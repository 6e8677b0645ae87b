using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>
/// The history as Parquet. A file is written whole before the first byte goes out, since the end of one holds what a reader begins with.
/// It is kept for a while, for clients that read it in ranges.
/// </summary>
internal sealed class ParquetExports(IDuckDbReads reads, EventExport events, ExportCache cache, TimeProvider clock)
    : IDisposable, IAsyncDisposable
{
    public const string ContentType = "application/vnd.apache.parquet";

    /// <summary>The events themselves.</summary>
    public const string Events = "events";

    private const string Orders = "orders";
    private const string OrderLines = "order-lines";
    private const string Customers = "customers";

    // Sent with a request that must see certain events: a kept file may be older than those.
    private const string ConsistencyToken = "Consistency-Token";

    private readonly ExportRuns runs = new();

    /// <summary>What is made of the events.</summary>
    public static IReadOnlyList<string> OfFacts { get; } = [Orders, OrderLines, Customers];

    public async Task<Error?> AnswerAsync(string kind, DateTimeOffset? until, HttpContext context)
    {
        if (until > clock.GetUtcNow())
            return RequestErrors.Invalid(new Dictionary<string, string[]> { ["until"] = ["Must not be in the future."] });
        var name = new ExportName(kind, until);
        try
        {
            var client = ExportClient.Of(context);
            var result = OpenKept(name, client, context.Request) is { } kept ? kept : await MakeAsync(name, client, context);
            if (!result.TryGet(out var file, out var error))
                return error;
            using (file)
                await SendAsync(file, $"{kind}.parquet", context);
        }
        catch (EventsUnavailableException exception)
        {
            return EventExport.Unavailable(exception.Message);
        }

        return null;
    }

    public void Dispose() => runs.Dispose();

    public ValueTask DisposeAsync() => runs.DisposeAsync();

    /// <summary>
    /// The kept file for a request that continues a read: the one whose tag it names; where it names none but asks for a range, the one
    /// that this client was given last. Another client may have been given a newer one meanwhile.
    /// </summary>
    private ExportFile? OpenKept(ExportName name, ExportClient client, HttpRequest request)
    {
        var headers = request.GetTypedHeaders();
        var tags = headers.IfMatch.Where(tag => !tag.Equals(EntityTagHeaderValue.Any)).ToList();
        if (headers.IfRange?.EntityTag is { } tagOfRange)
            tags.Add(tagOfRange);
        if (tags.Count > 0)
            return cache.Open(name, client, tags);
        return request.Headers.Range.Count > 0 && !MustSeeEvents(request) ? cache.OpenAgain(name, client) : null;
    }

    private static bool MustSeeEvents(HttpRequest request) => request.Headers[ConsistencyToken].Count > 0;

    private async Task<Result<ExportFile>> MakeAsync(ExportName name, ExportClient client, HttpContext context)
    {
        while (true)
        {
            // A running export may have been begun before the events that the request must see.
            var run = MustSeeEvents(context.Request)
                ? runs.JoinNextAsync(name, ending => MakeAsync(name, ending), context.RequestAborted)
                : runs.JoinAsync(name, ending => MakeAsync(name, ending), context.RequestAborted);
            if (!(await run).TryGet(out var made, out var error))
                return error;
            // Other exports may have taken its place already.
            if (cache.Open(name, client, made.Tag) is { } file)
                return file;
        }
    }

    private Task<Result<ExportFile.Kept>> MakeAsync(ExportName name, CancellationToken ending) =>
        name.Kind == Events ? MakeOfEventsAsync(name, ending) : MakeOfFactsAsync(name, ending);

    private async Task<Result<ExportFile.Kept>> MakeOfEventsAsync(ExportName name, CancellationToken ending)
    {
        var heads = await events.HeadsAsync(ending);
        var ordered = heads.OrderBy(head => head.Key.Log, StringComparer.Ordinal).ThenBy(head => head.Key.Partition);
        var state = string.Join(' ', ordered.Select(head => head.Value));
        if (cache.Find(name, state) is { } kept)
            return kept;
        return await cache.AddAsync(name, async path =>
        {
            await events.WriteAsync(path, heads, name.Until, ending);
            return state;
        }, ending);
    }

    private async Task<Result<ExportFile.Kept>> MakeOfFactsAsync(ExportName name, CancellationToken ending)
    {
        // Not held while the export waits for its turn: there are few sessions, and reports need them.
        using (var now = await OpenAsync(ending))
        {
            if (cache.Find(name, now.State) is { } kept)
                return kept;
        }

        return await cache.AddAsync(name, async path =>
        {
            using var session = await OpenAsync(ending);
            var query = name.Kind switch
            {
                Orders => ExportQueries.Orders(session, name.Until),
                OrderLines => ExportQueries.OrderLines(session, name.Until),
                _ => ExportQueries.Customers(session, name.Until),
            };
            session.WriteParquet(query, path, ending);
            return session.State;
        }, ending);
    }

    private Task<DuckDbSession> OpenAsync(CancellationToken ending) =>
        reads.OpenAsync([Facts.OrderProjection.Name, Facts.CustomerProjection.Name], ending);

    private static async Task SendAsync(ExportFile file, string name, HttpContext context)
    {
        var response = context.Response;
        var whole = TypedResults.Stream(file.Content, ContentType, name, lastModified: null, file.Tag, enableRangeProcessing: true);
        await whole.ExecuteAsync(context);
        if (response is { HasStarted: true } or { StatusCode: < StatusCodes.Status400BadRequest })
            return;
        // A condition or range that does not hold: what describes the file would stand on the problem document.
        response.ContentType = null;
        response.ContentLength = null;
        response.Headers.Remove(HeaderNames.ContentDisposition);
    }
}
