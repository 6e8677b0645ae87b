using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Logging.Console;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Traffic;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Monolith.Host.Telemetry;

/// <summary>
/// Exports the metrics and traces of the building blocks (<c>Monolith.*</c>): metrics at <c>/metrics</c>, and metrics, traces and logs by
/// OTLP if an address is set. Without an address nothing is traced.
/// </summary>
internal static class HostTelemetry
{
    private const string OwnSources = "Monolith.*";
    private const string MetricsPath = "/metrics";

    private static readonly string[] Meters =
        [OwnSources, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime"];

    // Monitoring requests these every few seconds.
    private static readonly string[] Untraced = ["/health", MetricsPath];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var exports = TelemetrySettings.Endpoint.IsSet(builder.Configuration);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                TelemetrySettings.ServiceName.Of(builder.Configuration),
                serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3),
                serviceInstanceId: Guid.NewGuid().ToString()))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddPrometheusExporter());
        // The request's scope adds the trace id, by which the lines of one request are found.
        builder.Services.Configure<JsonConsoleFormatterOptions>(lines => lines.IncludeScopes = true);
        if (!exports)
            return;

        telemetry.WithMetrics(metrics => metrics.AddOtlpExporter()).WithTracing(traces => traces.AddHostSources().AddOtlpExporter());
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.AddOtlpExporter();
        });
    }

    /// <summary>Maps the metrics for Prometheus.</summary>
    public static void MapMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint(MetricsPath).OnlyGet().BypassRequestLimit();

    /// <summary>Adds the sources of all traces.</summary>
    internal static TracerProviderBuilder AddHostSources(this TracerProviderBuilder traces) => traces
        .AddSource(OwnSources)
        .AddAspNetCoreInstrumentation(http =>
        {
            http.Filter = context => !Untraced.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal));
            http.EnrichWithHttpResponse = (span, response) => HidePath(span, response.HttpContext);
        });

    // A path that matches no route, or that its route refused, may contain personal data.
    private static void HidePath(Activity span, HttpContext context)
    {
        if (context.Response.StatusCode is >= 400 and < 500)
            span.SetTag("url.path", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "-");
    }
}
