using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.Modules.Analytics.Application.Reports;

namespace Monolith.Modules.Analytics.Api;

/// <summary>Runs a report and streams its rows as JSON.</summary>
internal sealed class ReportResponse(IReports reports)
{
    /// <summary>Responses up to this size are buffered, so that a slow client does not keep the store busy.</summary>
    private const int FlushThreshold = 1024 * 1024;

    public async Task<Error?> SendAsync(Report report, string? snapshot, HttpContext context)
    {
        var cancellation = context.RequestAborted;
        if (!(await reports.RunAsync(report, snapshot, cancellation)).TryGet(out var rows, out var error))
            return error;
        using (rows)
            await WriteAsync(rows, context.Response, cancellation);
        await context.Response.BodyWriter.FlushAsync(cancellation);
        return null;
    }

    private static async Task WriteAsync(IReportRows rows, HttpResponse response, CancellationToken cancellation)
    {
        // Errors of the query occur here, before the response starts, and become problem documents.
        var hasRow = rows.Read();
        response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(response.HttpContext.Request.Method))
            return;
        await using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = PlainTextEncoder.Instance });
        var flushed = 0L;
        json.WriteStartObject();
        json.WriteStartArray("rows");
        for (; hasRow; hasRow = rows.Read())
        {
            json.WriteStartObject();
            rows.Write(json);
            json.WriteEndObject();
            if (json.BytesCommitted + json.BytesPending - flushed < FlushThreshold)
                continue;
            json.Flush();
            flushed = json.BytesCommitted;
            await response.BodyWriter.FlushAsync(cancellation);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }
}
