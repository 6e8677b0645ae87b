using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.DuckDb;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>
/// The history as Parquet. A file is written whole before the first byte goes out, since the end of one holds what a reader begins with; it has no name any more once it is being sent, so that nothing is
/// left of it whoever hangs up.
/// </summary>
internal sealed class ParquetExports(IDuckDbReads reads, EventExport events, ExportFolder folder, TimeProvider clock)
{
    public const string ContentType = "application/vnd.apache.parquet";

    /// <summary>The events themselves.</summary>
    public const string Events = "events";

    private const string Orders = "orders";
    private const string OrderLines = "order-lines";
    private const string Customers = "customers";

    /// <summary>What is made of the events.</summary>
    public static IReadOnlyList<string> OfFacts { get; } = [Orders, OrderLines, Customers];

    public async Task<Error?> AnswerAsync(string kind, DateTimeOffset? until, HttpContext context)
    {
        if (until > clock.GetUtcNow())
            return RequestErrors.Invalid(new Dictionary<string, string[]> { ["until"] = ["Must not be in the future."] });
        var cancellation = context.RequestAborted;
        using var file = await folder.TakeAsync(cancellation);
        if (kind == Events)
            await events.WriteAsync(file.Path, until, cancellation);
        else
            await WriteAsync(kind, file.Path, until, cancellation);

        await using var content = file.Open();
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = content.Length;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{kind}.parquet\"";
        await content.CopyToAsync(context.Response.Body, cancellation);
        return null;
    }

    private async Task WriteAsync(string kind, string path, DateTimeOffset? until, CancellationToken cancellation)
    {
        using var session = await reads.OpenAsync([Facts.OrderProjection.Name, Facts.CustomerProjection.Name], cancellation);
        session.WriteParquet(
            kind switch
            {
                Orders => ExportQueries.Orders(session, until),
                OrderLines => ExportQueries.OrderLines(session, until),
                _ => ExportQueries.Customers(session, until),
            },
            path,
            cancellation);
    }
}
