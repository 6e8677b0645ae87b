using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>Answers with a problem.</summary>
public static class ProblemResults
{
    internal const string ContentType = "application/problem+json";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Answers with the problem that an error is.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The error.</param>
    public static Task AnswerAsync(this HttpContext context, Error error) => context.AnswerAsync(ProblemMapping.Of(error));

    internal static Task AnswerAsync(this HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        if ((problem.RetryAfter ?? (problem.Status == StatusCodes.Status503ServiceUnavailable ? Soon : null)) is { } pause)
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
}
