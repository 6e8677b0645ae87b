using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Admin.Routes;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>The operations that operators started, and their outcomes.</summary>
internal sealed class OperationRoutes(ProjectionControls controls) : IAdminRoutes
{
    private static readonly RouteTag Tag = new("Operations", "The operations that operators started, and their outcomes.");

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

    private static Error Unknown(Guid id) => new(
        ErrorKind.NotFound,
        "operation-unknown",
        "No such operation",
        $"No projection of this process has an operation {id}. All actions of operators are listed at /admin/api/actions.");

    private async Task<Result<PageBody<OperatorAction>>> ActionsAsync(ActionQuery query, CancellationToken cancellation)
    {
        var each = await Task.WhenAll(controls.All.Select(control => control.ActionsAsync(query.Limit + 1, cancellation, query.After)));
        var actions = each.SelectMany(some => some).OrderByDescending(action => (action.At, action.Operation, action.Sequence));
        return PageBody.Of([.. actions.Take(query.Limit + 1)], query.Limit, query.UrlAfter);
    }
}

/// <summary>The responses of routes that start an operation.</summary>
internal static class OperationResponses
{
    public static OperationResponse<Operation> Done { get; } = new(ProjectionsJson.Web.Operation, StatusCodes.Status200OK);

    public static OperationResponse<Operation> Accepted { get; } = new(
        ProjectionsJson.Web.Operation, StatusCodes.Status202Accepted, operation => $"/admin/api/operations/{operation.Id}");
}
