using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Admin.Routes;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>Dead letters.</summary>
internal sealed class DeadLetterRoutes(ProjectionControls controls) : IAdminRoutes
{
    private static readonly RouteTag Tag = new("Dead letters", "Events that could not be applied, and what becomes of them.");

    public void Map(RouteGroupBuilder admin)
    {
        var letters = admin.MapGroup("").Tag(Tag);
        letters.MapRead("/dead-letters", ProjectionsJson.Web.PageBodyDeadLetter, DeadLetterQuery.Read, ListAsync)
            .Refuses(controls.UnknownExample)
            .Summary("List dead letters", "Events that cannot be applied, and later events of their keys.");
        MapChange(
                letters,
                "/dead-letters/requeue",
                new OperationBody<RequeueBody>(ProjectionsJson.Web.RequeueBody, RequeueBody.Rules),
                body => (body.Projection, body.Validate()),
                (control, body, actor, cancellation) => control.RequeueAsync(body.Key, actor, cancellation))
            .Example(new RequeueBody(controls.Example)).Summary("Requeue dead letters", "Applies dead letters again.");
        MapChange(
                letters,
                "/dead-letters/discard",
                new OperationBody<DiscardBody>(ProjectionsJson.Web.DiscardBody, DiscardBody.Rules),
                body => (body.Projection, body.Validate()),
                (control, body, actor, cancellation) => control.DiscardAsync(body.Key!, body.Reason!.Trim(), actor, cancellation))
            .Example(new DiscardBody(controls.Example, "0198a8a0-0000-7000-8000-000000000000", "test data"))
            .Summary("Discard dead letters", "Discards dead letters for good.");
    }

    private IEndpointConventionBuilder MapChange<TBody>(
        RouteGroupBuilder letters,
        string pattern,
        OperationBody<TBody> body,
        Func<TBody, (string? Projection, Error? Error)> validate,
        Func<IProjectionControl, TBody, string?, CancellationToken, Task<Result<Operation>>> execute)
        where TBody : class =>
        letters.MapOperation(
                pattern,
                OperationResponses.Accepted,
                NoTarget,
                body,
                (_, request) => Find(request, validate(request)),
                (found, actor, cancellation) => execute(found.Control, found.Request, actor, cancellation))
            .Refuses(controls.UnknownExample).Refuses(ProjectionRefusals.DeadLetters);

    // The body names the projection.
    private static Result<bool> NoTarget(QueryReader query) => true;

    private Result<(IProjectionControl Control, TBody Request)> Find<TBody>(
        TBody request, (string? Projection, Error? Error) validated)
    {
        if (validated.Error is { } invalid)
            return invalid;
        return controls.TryFind(validated.Projection!, out var control, out var error) ? (control, request) : error;
    }

    private async Task<Result<PageBody<DeadLetter>>> ListAsync(DeadLetterQuery query, CancellationToken cancellation)
    {
        IReadOnlyList<IProjectionControl> projections = controls.All;
        if (query.Projection is not null)
        {
            if (!controls.TryFind(query.Projection, out var control, out var error))
                return error;
            projections = [control];
        }

        // One more than the page size shows whether there is a next page.
        var deadLetters = new List<DeadLetter>();
        foreach (var control in projections)
        {
            if (query.In(control.Name) is (true, var after) && query.Limit + 1 - deadLetters.Count is > 0 and var missing)
                deadLetters.AddRange(await control.DeadLettersAsync(missing, cancellation, after));
        }

        return PageBody.Of(deadLetters, query.Limit, query.UrlAfter);
    }
}
