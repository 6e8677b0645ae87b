using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Answers;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>Where projections stand, and what operators do to them.</summary>
internal sealed class ProjectionRoutes(ProjectionControls controls) : IAdminRoutes
{
    private const string NameName = "name";
    private const string One = "/projections/{name}";
    private const string Generation = $"{One}/generations/{{n}}";

    private static readonly RouteTag Tag = new("Projections", "The read models, their generations and what operators do to them.");

    public void Map(RouteGroupBuilder admin)
    {
        var projections = admin.MapGroup("").Tag(Tag);
        projections.MapRead("/projections", ProjectionsJson.Web.PageBodyProjectionReport, _ => controls.All, ListAsync)
            .Summary("List projections", "All projections with their generations.");
        projections.MapRead(One, ProjectionsJson.Web.ProjectionReport, query => query.RouteText(NameName), ReportAsync).Refuses(Unknown)
            .Summary("Get projection", "One projection with its generations.");

        projections.MapPost($"{One}/rebuild", OperatorRequests.Keyed(RebuildAsync))
            .Describe(OperationShapes.Of(ProjectionsJson.Web.RebuildBody, RebuildBody.Rules) with { IsBodyOptional = true, Read = Target }).Refuses(Unknown).Refuses(ProjectionRefusals.Rebuild)
            .Example(new RebuildBody("manual"))
            .Summary("Rebuild projection", "Builds a new generation from the first event on, or a snapshot as of a time.");
        MapAction(projections, "rollback", StatusCodes.Status202Accepted, (control, actor, never) => control.RollbackAsync(actor, never))
            .Refuses(ProjectionRefusals.Rollback)
            .Summary("Roll back projection", "Catches the last retired generation up and makes it live again.");
        MapAction(projections, "verify", StatusCodes.Status202Accepted, (control, actor, never) => control.VerifyAsync(actor, never))
            .Refuses(ProjectionRefusals.Verify)
            .Summary("Verify projection", "Replays all events and compares the result with the live generation.");
        MapAction(projections, "pause", StatusCodes.Status200OK, (control, actor, never) => control.PauseAsync(actor, never))
            .Refuses(ProjectionRefusals.Pause).Summary("Pause projection", "Stops applying events, on every host.");
        MapAction(projections, "resume", StatusCodes.Status200OK, (control, actor, never) => control.ResumeAsync(actor, never))
            .Refuses(ProjectionRefusals.Resume).Summary("Resume projection", "Applies events again after a pause.");

        MapOnGeneration(
                projections, HttpMethod.Post, $"{Generation}/promote",
                (control, number, actor, never) => control.PromoteAsync(number, actor, never))
            .Refuses(ProjectionRefusals.Promote)
            .Summary("Promote generation", "Makes a generation live as soon as it has reached the live one.");
        MapOnGeneration(
                projections, HttpMethod.Post, $"{Generation}/cancel",
                (control, number, actor, never) => control.CancelAsync(number, actor, never))
            .Refuses(ProjectionRefusals.Cancel).Summary("Cancel generation", "Ends a generation that is not live yet.");
        MapOnGeneration(
                projections, HttpMethod.Delete, Generation, (control, number, actor, never) => control.DropAsync(number, actor, never))
            .Refuses(ProjectionRefusals.Drop).Summary("Drop generation", "Drops a retired generation or a snapshot.");
    }

    private IEndpointConventionBuilder MapAction(RouteGroupBuilder admin, string verb, int status, Func<IProjectionControl, string?, CancellationToken, Task<Result<Operation>>> ask)
    {
        return admin.MapPost($"{One}/{verb}", OperatorRequests.Keyed(AnswerAsync))
            .Describe(OperationShapes.Of(status) with { Read = Target }).Refuses(Unknown);

        Task AnswerAsync(HttpContext context) =>
            controls.TryFind(NameIn(context), out var control, out var error)
                ? context.AnswerOperationAsync(status, (actor, never) => ask(control, actor, never))
                : context.AnswerAsync(error);
    }

    private IEndpointConventionBuilder MapOnGeneration(RouteGroupBuilder admin, HttpMethod method, string pattern, Func<IProjectionControl, int, string?, CancellationToken, Task<Result<Operation>>> ask)
    {
        return admin.MapMethods(pattern, [method.Method], OperatorRequests.Keyed(AnswerAsync))
            .Describe(OperationShapes.Of(StatusCodes.Status202Accepted, method) with { Read = TargetGeneration })
            .Refuses(Unknown, OperatorRequests.NoGeneration);

        Task AnswerAsync(HttpContext context) =>
            controls.TryFind(NameIn(context), out var control, out var error) && context.Generation().TryGet(out var number, out error)
                ? context.AnswerOperationAsync(StatusCodes.Status202Accepted, (actor, never) => ask(control, number, actor, never))
                : context.AnswerAsync(error);
    }

    private async Task RebuildAsync(HttpContext context)
    {
        if (!controls.TryFind(NameIn(context), out var control, out var error))
        {
            await context.AnswerAsync(error);
            return;
        }

        // Nothing said is the same as an empty object.
        var body = context.Request.HasBody() ? await context.ReadBodyAsync(ProjectionsJson.Web.RebuildBody) : new RebuildBody();
        if (body is null)
            return;
        if (!body.Read().TryGet(out var request, out error))
        {
            await context.AnswerAsync(error);
            return;
        }

        await context.AnswerOperationAsync(StatusCodes.Status202Accepted, (actor, never) => control.RebuildAsync(request, actor, never));
    }

    private Error Unknown => controls.UnknownExample;

    private static object Target(QueryReader query) => query.RouteText(NameName);

    private static object TargetGeneration(QueryReader query) => (query.RouteText(NameName), query.RouteNumber(OperatorRequests.GenerationName));

    private static string NameIn(HttpContext context) => (string)context.Request.RouteValues[NameName]!;

    private static async Task<Result<PageBody<ProjectionReport>>> ListAsync(IReadOnlyList<IProjectionControl> all, CancellationToken cancellation) =>
        new PageBody<ProjectionReport>(await Task.WhenAll(all.Select(control => control.ReportAsync(cancellation))), null);

    private async Task<Result<ProjectionReport>> ReportAsync(string name, CancellationToken cancellation) =>
        controls.TryFind(name, out var control, out var error) ? await control.ReportAsync(cancellation) : error;
}
