using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>Parked events.</summary>
internal sealed class DeadLetterRoutes(ProjectionControls controls) : IAdminRoutes
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapRead("/dead-letters", ProjectionsJson.Web.DeadLetterList, query => (query.Text("projection"), query.PageLimit()), ListAsync);
        admin.MapPost("/dead-letters/requeue", RequeueAsync);
        admin.MapPost("/dead-letters/discard", DiscardAsync);
    }

    private async Task<Result<DeadLetterList>> ListAsync((string? Projection, int Limit) asked, CancellationToken cancellation)
    {
        IReadOnlyList<IProjectionControl> among = controls.All;
        if (asked.Projection is not null)
        {
            if (!controls.TryFind(asked.Projection, out var control, out var error))
                return error;
            among = [control];
        }

        var parked = await Task.WhenAll(among.Select(control => control.DeadLettersAsync(asked.Limit + 1, cancellation)));
        return new DeadLetterList([.. parked.SelectMany(some => some).Take(asked.Limit)], parked.Sum(some => some.Count) > asked.Limit);
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
