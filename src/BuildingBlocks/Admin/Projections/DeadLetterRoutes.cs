using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Answers;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>Parked events.</summary>
internal sealed class DeadLetterRoutes(ProjectionControls controls) : IAdminRoutes
{
    private static readonly RouteTag Tag = new("Dead letters", "Events that could not be applied, and what becomes of them.");

    public void Map(RouteGroupBuilder admin)
    {
        var letters = admin.MapGroup("").Tag(Tag);
        letters.MapRead("/dead-letters", ProjectionsJson.Web.PageBodyDeadLetter, DeadLetterQuery.Read, ListAsync)
            .Refuses(controls.UnknownExample)
            .Summary("List dead letters", "Events that are parked because they, or an earlier event of their key, cannot be applied.");
        letters.MapPost("/dead-letters/requeue", OperatorRequests.Keyed(RequeueAsync))
            .Describe(OperationShapes.Of(ProjectionsJson.Web.RequeueBody, RequeueBody.Rules)).Refuses(controls.UnknownExample).Refuses(ProjectionRefusals.DeadLetters)
            .Example(new RequeueBody(controls.Example)).Summary("Requeue dead letters", "Applies parked events again.");
        letters.MapPost("/dead-letters/discard", OperatorRequests.Keyed(DiscardAsync))
            .Describe(OperationShapes.Of(ProjectionsJson.Web.DiscardBody, DiscardBody.Rules)).Refuses(controls.UnknownExample).Refuses(ProjectionRefusals.DeadLetters)
            .Example(new DiscardBody(controls.Example, "0198a8a0-0000-7000-8000-000000000000", "test data"))
            .Summary("Discard dead letters", "Gives parked events up for good.");
    }

    private async Task<Result<PageBody<DeadLetter>>> ListAsync(DeadLetterQuery asked, CancellationToken cancellation)
    {
        IReadOnlyList<IProjectionControl> among = controls.All;
        if (asked.Projection is not null)
        {
            if (!controls.TryFind(asked.Projection, out var control, out var error))
                return error;
            among = [control];
        }

        // One more than the page holds, or nobody knows whether it is the last.
        var parked = new List<DeadLetter>();
        foreach (var control in among)
        {
            if (asked.In(control.Name) is (true, var after) && asked.Limit + 1 - parked.Count is > 0 and var missing)
                parked.AddRange(await control.DeadLettersAsync(missing, cancellation, after));
        }

        return PageBody.Of(parked, asked.Limit, asked.UrlAfter);
    }

    private async Task RequeueAsync(HttpContext context)
    {
        if (await context.ReadBodyAsync(ProjectionsJson.Web.RequeueBody) is not { } body)
            return;
        var error = body.Fault();
        if (error is null && controls.TryFind(body.Projection!, out var control, out error))
            await context.AnswerOperationAsync(StatusCodes.Status202Accepted, (actor, never) => control.RequeueAsync(body.Key, actor, never));
        else
            await context.AnswerAsync(error!);
    }

    private async Task DiscardAsync(HttpContext context)
    {
        if (await context.ReadBodyAsync(ProjectionsJson.Web.DiscardBody) is not { } body)
            return;
        var error = body.Fault();
        if (error is null && controls.TryFind(body.Projection!, out var control, out error))
            await context.AnswerOperationAsync(StatusCodes.Status202Accepted, (actor, never) => control.DiscardAsync(body.Key!, body.Reason!.Trim(), actor, never));
        else
            await context.AnswerAsync(error!);
    }
}
