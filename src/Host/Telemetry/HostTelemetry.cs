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
/// Listens to what the building blocks tell (<c>Monolith.*</c>) and passes it on: metrics at <c>/metrics</c>, everything by OTLP where an address is set. Where none is, nobody traces.
/// </summary>
internal static class HostTelemetry
{
    private const string Ours = "Monolith.*";
    private const string MetricsPath = "/metrics";

    private static readonly string[] Meters =
        [Ours, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime"];

    // Asked every few seconds by machines: traces of them are noise.
    private static readonly string[] Untraced = ["/health", MetricsPath];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var sends = TelemetrySettings.Endpoint.IsSet(builder.Configuration);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                TelemetrySettings.ServiceName.Of(builder.Configuration), serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3), serviceInstanceId: Guid.NewGuid().ToString()))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddPrometheusExporter());
        // Of the request's scope a line gets its trace, which is how one finds the others.
        builder.Services.Configure<JsonConsoleFormatterOptions>(lines => lines.IncludeScopes = true);
        if (!sends)
            return;

        telemetry.WithMetrics(metrics => metrics.AddOtlpExporter()).WithTracing(traces => traces.AddOurs().AddOtlpExporter());
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.AddOtlpExporter();
        });
    }

    /// <summary>Metrics for Prometheus.</summary>
    public static void MapMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint(MetricsPath).OnlyGet().BypassRequestLimit();

    /// <summary>All that is traced.</summary>
    internal static TracerProviderBuilder AddOurs(this TracerProviderBuilder traces) => traces
        .AddSource(Ours)
        .AddAspNetCoreInstrumentation(http =>
        {
            http.Filter = context => !Untraced.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal));
            http.EnrichWithHttpResponse = (span, response) => HideText(span, response.HttpContext);
        });

    /// <summary>A path that no route has, or that its route refused, may hold anything: a name, an address.</summary>
    private static void HideText(Activity span, HttpContext context)
    {
        if (context.Response.StatusCode is >= 400 and < 500)
            span.SetTag("url.path", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "-");
    }
}
