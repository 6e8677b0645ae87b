using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Answers;
using Monolith.BuildingBlocks.Web.OpenApi;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>What was asked for, and what became of it.</summary>
internal sealed class OperationRoutes(ProjectionControls controls) : IAdminRoutes
{
    private static readonly RouteTag Tag = new("Operations", "What operators asked for, and the outcome.");

    public void Map(RouteGroupBuilder admin)
    {
        var operations = admin.MapGroup("").Tag(Tag);
        operations.MapRead("/operations/{id}", ProjectionsJson.Web.Operation, query => query.RouteId(), FindAsync)
            .Refuses(Unknown(Guid.Empty))
            .Summary("Get operation", "The state of an operation, and its result.");
        operations.MapRead("/actions", ProjectionsJson.Web.PageBodyOperatorAction, ActionQuery.Read, ActionsAsync)
            .Summary("List operator actions", "What operators did, newest first: actor, time, action and outcome.");
    }

    private async Task<Result<Operation>> FindAsync(Guid id, CancellationToken cancellation)
    {
        foreach (var control in controls.All)
        {
            if (await control.OperationAsync(id, cancellation) is { } operation)
                return operation;
        }

        return Unknown(id);
    }

    private static Error Unknown(Guid id) =>
        new(ErrorKind.NotFound, "operation-unknown", "No such operation", $"No projection of this process knows an operation {id}. What was asked for is listed at /admin/api/actions.");

    private async Task<Result<PageBody<OperatorAction>>> ActionsAsync(ActionQuery query, CancellationToken cancellation)
    {
        var each = await Task.WhenAll(controls.All.Select(control => control.ActionsAsync(query.Limit + 1, cancellation, query.After)));
        var actions = each.SelectMany(some => some).OrderByDescending(action => (action.At, action.Operation, action.Sequence));
        return PageBody.Of([.. actions.Take(query.Limit + 1)], query.Limit, query.UrlAfter);
    }
}
