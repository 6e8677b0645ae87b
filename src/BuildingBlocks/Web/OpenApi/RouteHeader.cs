using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>A header as the documents tell it, with what is refused because of it. A shape of <see cref="RouteShapes"/> that names it has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means.</param>
internal sealed record RouteHeader(string Name, string Description)
{
    private const string TagPattern = "^\"[1-9][0-9]*\"$";

    public static RouteHeader TraceParent { get; } = new(
        "traceparent",
        "The trace that this request is part of, as W3C Trace Context defines it: "
        + "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01. It is carried into the events that follow. A value that cannot be read "
        + "is ignored.");

    public static RouteHeader Actor { get; } = new(Requests.Actor.Header, "Who acts; recorded with what follows.")
    {
        Constraint = PlainText.Constraint(Requests.Actor.Most), Refusals = [RequestErrors.Invalid(new Dictionary<string, string[]> { [Requests.Actor.Header] = ["Must be given once."] })],
    };

    public static RouteHeader IfMatch { get; } = new("If-Match", "The version that the caller has seen, as its ETag; or *.")
    {
        Constraint = new FieldConstraint { Pattern = "^(\"(0|[1-9][0-9]*)\"|\\*)$" },
        Refusals = [EntityTag.BadIfMatch, RequestErrors.Stale(2)],
    };

    public static RouteHeader IfNoneMatch { get; } = new("If-None-Match", "The versions that the caller has already, as ETags; or *. One that cannot be read is no condition.");

    public static RouteHeader Range { get; } = new(
        "Range", "The part of the file that is wanted, as bytes=first-last. A list of ranges is answered with the whole file.")
    {
        Problems = [ProblemMapping.RangeNotSatisfiable],
    };

    public static RouteHeader IfRange { get; } = new(
        "If-Range", "The tag that the file must have for the range to be served; else the answer is the whole file.");

    public static RouteHeader FileIfMatch { get; } = new("If-Match", "The tags of which the file must have one; or *.")
    {
        Problems = [ProblemMapping.PreconditionFailed],
    };

    public static RouteHeader FileTag { get; } = new("ETag", "Identifies this exact file.") { IsAnswer = true };

    public static RouteHeader AcceptRanges { get; } = new("Accept-Ranges", "Range requests are supported.")
    {
        IsAnswer = true, Constraint = new FieldConstraint { Words = ["bytes"] },
    };

    public static RouteHeader ContentRange { get; } = new("Content-Range", "Which part of the file this is, and the length of the whole.")
    {
        IsAnswer = true,
    };

    public static RouteHeader LastEventId { get; } = new("Last-Event-ID", "The id of the last message that the client has seen; the stream goes on after it.");

    public static RouteHeader ETag { get; } = new("ETag", "The version of the aggregate.") { IsAnswer = true, Constraint = new FieldConstraint { Pattern = TagPattern } };

    public static RouteHeader Location { get; } = new("Location", "The place of what was made or begun.") { IsAnswer = true, Constraint = new FieldConstraint { Format = "uri-reference" } };

    public static RouteHeader ContentDisposition { get; } = new("Content-Disposition", "The name for the file.") { IsAnswer = true };

    public static RouteHeader RetryAfter { get; } = new("Retry-After", "After how many seconds to ask again.") { IsAnswer = true, Constraint = new FieldConstraint { Pattern = "^[0-9]+$" } };

    /// <summary>Of every POST that changes something.</summary>
    public static RouteHeader IdempotencyKey { get; } = new(
        Requests.IdempotencyKey.Header,
        "Stands for this one request: sent again with the same key, path and body within a day, it gets the stored answer and is not "
        + "executed again. A different request with the same key is refused on every route.")
    {
        Constraint = Requests.IdempotencyKey.Constraint, Refusals = [Requests.IdempotencyKey.BadKey, RequestErrors.KeyReused, RequestErrors.KeyInUse],
    };

    /// <summary>The answer to a key that is known.</summary>
    public static RouteHeader IdempotencyReplayed { get; } = new(Requests.IdempotencyKey.Replayed, "The answer was given before, to the same key.")
    {
        IsAnswer = true, IsSometimes = true, Constraint = new FieldConstraint { Words = ["true"] },
    };

    /// <summary>What a request must have seen.</summary>
    public static RouteHeader ConsistencyToken { get; } = new(
        ConsistencyHeaders.Token, "One or several of the tokens that commands answered, with commas: the answer waits until what it is made from has seen those events.")
    {
        Constraint = ConsistencyHeaders.TokenConstraint, Refusals = [ConsistencyHeaders.BadToken],
    };

    /// <summary>How long a request waits for it.</summary>
    public static RouteHeader ConsistencyTimeout { get; } = new(ConsistencyHeaders.Timeout, $"For how many milliseconds to wait for {ConsistencyHeaders.Token} at most.")
    {
        Type = "integer", Constraint = ConsistencyHeaders.TimeoutConstraint, Default = ConsistencyHeaders.UsualMilliseconds, Refusals = [ConsistencyHeaders.BadTimeout],
    };

    /// <summary>The token of a command. An answer that is given again has none where its events are not in the log any more.</summary>
    public static RouteHeader ConsistencyTokenAnswer { get; } = new(ConsistencyHeaders.Token, "Stands for the events of this command; a later request that sends it sees them.")
    {
        IsAnswer = true, IsSometimes = true, Constraint = ConsistencyHeaders.TokenConstraint,
    };

    /// <summary>Whether it comes with the answer; else with the request.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>Whether some of the answers do not have it.</summary>
    public bool IsSometimes { get; init; }

    /// <summary>The type of its value.</summary>
    public string Type { get; init; } = "string";

    /// <summary>What counts where a request does not have it.</summary>
    public int? Default { get; init; }

    /// <summary>What its value must be.</summary>
    public FieldConstraint Constraint { get; init; } = FieldConstraint.None;

    /// <summary>What is refused because of it.</summary>
    public IReadOnlyList<Error> Refusals { get; init; } = [];

    /// <summary>What is refused because of it by the framework, with a status alone.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];
}
