using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Projections.DuckDb;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>Asks a report and writes its answer line by line, so that a long one is never in memory.</summary>
internal sealed class ReportWriter(IDuckDbReads reads)
{
    /// <summary>Shorter answers wait here as a whole, so that no slow caller keeps the store from others.</summary>
    private const int FlushedFrom = 1024 * 1024;

    public async Task<Error?> AnswerAsync(Report report, string? snapshot, HttpContext context)
    {
        var cancellation = context.RequestAborted;
        if (!(await OpenAsync(report, snapshot, cancellation)).TryGet(out var session, out var error))
            return error;
        using (session)
            await WriteAsync(report, session, context.Response, cancellation);
        await context.Response.BodyWriter.FlushAsync(cancellation);
        return null;
    }

    private static async Task WriteAsync(Report report, DuckDbSession session, HttpResponse response, CancellationToken cancellation)
    {
        using var lines = session.Query(report.Sql(session), report.Values, cancellation).GetEnumerator();
        var isThere = lines.MoveNext();
        // From here on the answer has begun: what fails before is answered with a problem.
        response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(response.HttpContext.Request.Method))
            return;
        await using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = PlainTextEncoder.Instance });
        var flushed = 0L;
        json.WriteStartObject();
        json.WriteStartArray("rows");
        for (; isThere; isThere = lines.MoveNext())
        {
            json.WriteStartObject();
            report.Write(json, lines.Current);
            json.WriteEndObject();
            if (json.BytesCommitted + json.BytesPending - flushed < FlushedFrom)
                continue;
            json.Flush();
            flushed = json.BytesCommitted;
            await response.BodyWriter.FlushAsync(cancellation);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    private async Task<Result<DuckDbSession>> OpenAsync(Report report, string? snapshot, CancellationToken cancellation) => snapshot is null
        ? await reads.OpenAsync(report.Projections, cancellation)
        : await reads.OpenSnapshotAsync(report.Projections.Single(), snapshot, cancellation);
}
