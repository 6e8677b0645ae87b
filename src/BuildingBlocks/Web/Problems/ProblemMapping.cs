using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Limits;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>Maps errors and bare statuses to problems.</summary>
internal static class ProblemMapping
{
    public static Problem Of(Error error) => Problem.New(StatusOf(error.Kind), error.Slug, error.Title, error.Detail) with
    {
        Errors = error.Fields, RetryAfter = error.RetryAfter,
    };

    // A file that does not meet the condition of a request.
    public static Problem PreconditionFailed { get; } = Problem.New(
        StatusCodes.Status412PreconditionFailed,
        "stale-version",
        "Not the current version",
        "If-Match does not name the current version. Read it again.");

    public static Problem RangeNotSatisfiable { get; } = Problem.New(
        StatusCodes.Status416RangeNotSatisfiable,
        "range-not-satisfiable",
        "Range not satisfiable",
        "The file ends before the requested range; Content-Range names its length.");

    public static Problem Of(int status, HttpRequest request) => status switch
    {
        StatusCodes.Status404NotFound => Problem.New(status, "route-not-found", "No such route", $"There is nothing at {request.Path}."),
        StatusCodes.Status405MethodNotAllowed => Problem.New(
            status,
            "method-not-allowed",
            "Method not allowed",
            $"{request.Method} is not allowed here; the header Allow lists the methods that are."),
        StatusCodes.Status408RequestTimeout => Problem.New(
            status, "request-timeout", "Request timed out", "The request did not arrive in time."),
        StatusCodes.Status413PayloadTooLarge => Problem.New(
            status, "body-too-large", "Body too large", $"The body of a request has at most {RequestLimits.BodyBytes} bytes."),
        StatusCodes.Status412PreconditionFailed => PreconditionFailed,
        StatusCodes.Status416RangeNotSatisfiable => RangeNotSatisfiable,
        StatusCodes.Status415UnsupportedMediaType => Problem.New(
            status,
            "unsupported-content-type",
            "Unsupported content type",
            "The body must be application/json in UTF-8, as the header Content-Type must state."),
        StatusCodes.Status500InternalServerError => Problem.New(
            status, "internal-error", "Internal error", "The server failed; the request is not at fault. Search the log for the trace id."),
        >= 500 => Problem.New(status, "server-error", ReasonPhrases.GetReasonPhrase(status), "The server could not process the request."),
        _ => Problem.New(status, "bad-request", ReasonPhrases.GetReasonPhrase(status), "The server could not read the request."),
    };

    private static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Stale => StatusCodes.Status412PreconditionFailed,
        ErrorKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
