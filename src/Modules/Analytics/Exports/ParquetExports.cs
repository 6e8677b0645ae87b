using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>
/// The history as Parquet. A file is written whole before the first byte goes out, since the end of one holds what a reader begins with.
/// It is kept for a while, for clients that read it in ranges.
/// </summary>
internal sealed class ParquetExports(IDuckDbReads reads, EventExport events, ExportCache cache, TimeProvider clock) : IDisposable
{
    public const string ContentType = "application/vnd.apache.parquet";

    /// <summary>The events themselves.</summary>
    public const string Events = "events";

    private const string Orders = "orders";
    private const string OrderLines = "order-lines";
    private const string Customers = "customers";

    // Sent with a request that must see certain events: a kept file may be older than those.
    private const string ConsistencyToken = "Consistency-Token";

    // One file of a kind at a time: requests that come together share it, and have one tag.
    private readonly Dictionary<string, SemaphoreSlim> turns = OfFacts.Append(Events).ToDictionary(kind => kind, _ => new SemaphoreSlim(1));

    /// <summary>What is made of the events.</summary>
    public static IReadOnlyList<string> OfFacts { get; } = [Orders, OrderLines, Customers];

    public async Task<Error?> AnswerAsync(string kind, DateTimeOffset? until, HttpContext context)
    {
        if (until > clock.GetUtcNow())
            return RequestErrors.Invalid(new Dictionary<string, string[]> { ["until"] = ["Must not be in the future."] });
        var name = new ExportName(kind, until);
        try
        {
            var result = FindKept(name, context.Request) is { } kept ? kept : await MakeAsync(name, context.RequestAborted);
            if (!result.TryGet(out var file, out var busy))
                return busy;
            using (file)
                await SendAsync(file, $"{kind}.parquet", context);
        }
        catch (EventsUnavailableException exception)
        {
            return EventExport.Unavailable(exception.Message);
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var turn in turns.Values)
            turn.Dispose();
    }

    /// <summary>
    /// The file that a client is in the middle of: the one whose tag it names; where it names none but asks for a range, the newest.
    /// </summary>
    private ExportFile? FindKept(ExportName name, HttpRequest request)
    {
        var headers = request.GetTypedHeaders();
        var tags = headers.IfMatch.Where(tag => !tag.Equals(EntityTagHeaderValue.Any)).ToList();
        if (headers.IfRange?.EntityTag is { } tagOfRange)
            tags.Add(tagOfRange);
        if (tags.Count > 0)
            return cache.Find(name, kept => tags.Any(tag => tag.Compare(kept.Tag, useStrongComparison: true)));
        return request.Headers.Range.Count > 0 && request.Headers[ConsistencyToken].Count == 0 ? cache.Find(name, _ => true) : null;
    }

    private async Task<Result<ExportFile>> MakeAsync(ExportName name, CancellationToken cancellation)
    {
        var turn = turns[name.Kind];
        if (!await turn.WaitAsync(ExportFolder.WaitAtMost, cancellation))
            return ExportFolder.Busy;
        try
        {
            return name.Kind == Events ? await MakeOfEventsAsync(name, cancellation) : await MakeOfFactsAsync(name, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Result<ExportFile>> MakeOfEventsAsync(ExportName name, CancellationToken cancellation)
    {
        var heads = await events.HeadsAsync(cancellation);
        var ordered = heads.OrderBy(head => head.Key.Log, StringComparer.Ordinal).ThenBy(head => head.Key.Partition);
        var state = string.Join(' ', ordered.Select(head => head.Value));
        return cache.Find(name, kept => kept.State == state) is { } found
            ? found
            : await cache.AddAsync(name, state, path => events.WriteAsync(path, heads, name.Until, cancellation), cancellation);
    }

    private async Task<Result<ExportFile>> MakeOfFactsAsync(ExportName name, CancellationToken cancellation)
    {
        using var session = await reads.OpenAsync([Facts.OrderProjection.Name, Facts.CustomerProjection.Name], cancellation);
        return cache.Find(name, kept => kept.State == session.State) is { } found ? found : await cache.AddAsync(name, session.State, path =>
        {
            session.WriteParquet(
                name.Kind switch
                {
                    Orders => ExportQueries.Orders(session, name.Until),
                    OrderLines => ExportQueries.OrderLines(session, name.Until),
                    _ => ExportQueries.Customers(session, name.Until),
                },
                path,
                cancellation);
            return Task.CompletedTask;
        }, cancellation);
    }

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
