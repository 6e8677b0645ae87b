using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Traffic;

namespace Monolith.Host.Health;

/// <summary>The liveness and readiness routes.</summary>
internal static class HealthRoutes
{
    private const string ReadyTag = "ready";

    /// <summary>
    /// <c>/health/live</c> is 200 while the process runs. <c>/health/ready</c> is 503 if any check is unhealthy, and lists all checks.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var live = new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync };
        var ready = new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag), ResponseWriter = WriteAsync };
        endpoints.MapHealthChecks("/health/live", live).OnlyGet().BypassRequestLimit();
        endpoints.MapHealthChecks("/health/ready", ready).OnlyGet().BypassRequestLimit();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new HealthResponse(
            Word(report.Status),
            report.Entries.ToDictionary(
                entry => entry.Key, entry => new HealthResponse.Check(Word(entry.Value.Status), entry.Value.Description))),
        HealthJson.Default.HealthResponse,
        cancellationToken: context.RequestAborted);

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}
