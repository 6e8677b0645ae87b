using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>A header and the errors that it can cause. The shapes in <see cref="RouteShapes"/> list the headers of their routes.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">The description.</param>
internal sealed record RouteHeader(string Name, string Description)
{
    private const string ETagPattern = "^\"[1-9][0-9]*\"$";

    public static RouteHeader TraceParent { get; } = new(
        "traceparent",
        "The trace that this request is part of, as W3C Trace Context defines it: "
        + "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01. It is carried into the events that follow. A value that cannot be read "
        + "is ignored.");

    public static RouteHeader Actor { get; } = new(Requests.Actor.Header, "Who acts; recorded with the events that follow.")
    {
        Constraint = PlainText.Constraint(Requests.Actor.MaxLength),
        Errors = [RequestErrors.Invalid(new Dictionary<string, string[]> { [Requests.Actor.Header] = ["Must be given once."] })],
    };

    public static RouteHeader IfMatch { get; } = new("If-Match", "The version that the client expects, as its ETag; or *.")
    {
        Constraint = new FieldConstraint { Pattern = "^(\"(0|[1-9][0-9]*)\"|\\*)$" },
        Errors = [EntityTag.InvalidIfMatch, RequestErrors.Stale(2)],
    };

    public static RouteHeader IfNoneMatch { get; } = new(
        "If-None-Match", "The versions that the client already has, as ETags; or *. A value that cannot be read is ignored.");

    public static RouteHeader Range { get; } = new(
        "Range", "The requested part of the file, as bytes=first-last. With a list of ranges the response is the whole file.")
    {
        Problems = [ProblemMapping.RangeNotSatisfiable],
    };

    public static RouteHeader IfRange { get; } = new(
        "If-Range", "The tag that the file must have for the range to be served; otherwise the response is the whole file.");

    public static RouteHeader FileIfMatch { get; } = new("If-Match", "The tags of which the file must have one; or *.")
    {
        Problems = [ProblemMapping.PreconditionFailed],
    };

    public static RouteHeader FileETag { get; } = new("ETag", "Identifies this exact file.") { IsInResponse = true };

    public static RouteHeader AcceptRanges { get; } = new("Accept-Ranges", "Range requests are supported.")
    {
        IsInResponse = true, Constraint = new FieldConstraint { Words = ["bytes"] },
    };

    public static RouteHeader ContentRange { get; } = new("Content-Range", "The part of the file, and the length of the whole.")
    {
        IsInResponse = true,
    };

    public static RouteHeader LastEventId { get; } = new(
        "Last-Event-ID", "The id of the last message that the client received; the stream continues after it.");

    public static RouteHeader ETag { get; } = new("ETag", "The version of the aggregate.")
    {
        IsInResponse = true, Constraint = new FieldConstraint { Pattern = ETagPattern },
    };

    public static RouteHeader Location { get; } = new("Location", "The path of the new resource or operation.")
    {
        IsInResponse = true, Constraint = new FieldConstraint { Format = "uri-reference" },
    };

    public static RouteHeader ContentDisposition { get; } = new("Content-Disposition", "The name of the file.") { IsInResponse = true };

    public static RouteHeader RetryAfter { get; } = new("Retry-After", "The number of seconds to wait before the next attempt.")
    {
        IsInResponse = true, Constraint = new FieldConstraint { Pattern = "^[0-9]+$" },
    };

    public static RouteHeader IdempotencyKey { get; } = new(
        Requests.IdempotencyKey.Header,
        "Identifies this one request. If it is sent again with the same key, path and body within a day, the response is the stored one "
        + "and the request is not executed again. A different request with the same key is refused on every route.")
    {
        Constraint = Requests.IdempotencyKey.Constraint,
        Errors = [Requests.IdempotencyKey.InvalidKey, RequestErrors.KeyReused, RequestErrors.KeyInUse],
    };

    public static RouteHeader IdempotencyReplayed { get; } = new(
        Requests.IdempotencyKey.ReplayedHeader, "The response is the stored one of an earlier request with the same key.")
    {
        IsInResponse = true, IsOptional = true, Constraint = new FieldConstraint { Words = ["true"] },
    };

    public static RouteHeader ConsistencyToken { get; } = new(
        ConsistencyHeaders.Token,
        "One or more tokens from responses to commands, separated by commas. The response waits until its read models contain "
        + "those events.")
    {
        Constraint = ConsistencyHeaders.TokenConstraint, Errors = [ConsistencyHeaders.InvalidToken],
    };

    public static RouteHeader ConsistencyTimeout { get; } = new(
        ConsistencyHeaders.Timeout, $"How many milliseconds to wait for {ConsistencyHeaders.Token} at most.")
    {
        Type = "integer",
        Constraint = ConsistencyHeaders.TimeoutConstraint,
        Default = ConsistencyHeaders.DefaultMilliseconds,
        Errors = [ConsistencyHeaders.InvalidTimeout],
    };

    // Optional, since a replayed response has none once its events are no longer in the log.
    public static RouteHeader ConsistencyTokenResponse { get; } = new(
        ConsistencyHeaders.Token, "Identifies the events of this command. A later request that sends it sees them.")
    {
        IsInResponse = true, IsOptional = true, Constraint = ConsistencyHeaders.TokenConstraint,
    };

    /// <summary>Whether it is a header of the response; otherwise of the request.</summary>
    public bool IsInResponse { get; init; }

    /// <summary>Whether some responses do not have it.</summary>
    public bool IsOptional { get; init; }

    public string Type { get; init; } = "string";

    public int? Default { get; init; }

    public FieldConstraint Constraint { get; init; } = FieldConstraint.None;

    /// <summary>The errors that it can cause.</summary>
    public IReadOnlyList<Error> Errors { get; init; } = [];

    /// <summary>The problems that it can cause by a bare status of the framework.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];
}
