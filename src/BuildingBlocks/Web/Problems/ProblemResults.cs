using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>Writes problem documents.</summary>
public static class ProblemResults
{
    internal const string ContentType = "application/problem+json";

    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Responds with the problem document of an error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The error.</param>
    public static Task WriteProblemAsync(this HttpContext context, Error error) => context.WriteProblemAsync(ProblemMapping.Of(error));

    internal static Task WriteProblemAsync(this HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        if (RetryAfterOf(problem) is { } pause)
            response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return response.WriteAsJsonAsync(
            problem with
            {
                Instance = (context.Request.PathBase + context.Request.Path).ToUriComponent(),
                TraceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier,
            },
            ProblemJson.Web.Problem,
            ContentType,
            context.RequestAborted);
    }

    internal static TimeSpan? RetryAfterOf(Problem problem) =>
        problem.RetryAfter ?? (problem.Status == StatusCodes.Status503ServiceUnavailable ? DefaultRetryAfter : null);
}
