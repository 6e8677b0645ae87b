using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;
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

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapRead("/projections", ProjectionsJson.Web.PageBodyProjectionReport, _ => controls.All, ListAsync).WithSummary("Where all projections stand.");
        admin.MapRead(One, ProjectionsJson.Web.ProjectionReport, query => query.RouteText(NameName), ReportAsync).Refuses(Unknown).WithSummary("Where a projection stands.");

        admin.MapPost($"{One}/rebuild", OperatorRequests.Keyed(RebuildAsync))
            .Describe(OperationShapes.Of(ProjectionsJson.Web.RebuildBody, RebuildBody.Rules) with { IsBodyOptional = true, Read = Target }).Refuses(Unknown).Refuses(ProjectionRefusals.Rebuild)
            .Example(new RebuildBody("manual")).WithSummary("Builds a new generation from the first event on, or a snapshot as of a time.");
        MapAction(admin, "rollback", StatusCodes.Status202Accepted, (control, actor, never) => control.RollbackAsync(actor, never))
            .Refuses(ProjectionRefusals.Rollback).WithSummary("Catches the last retired generation up and makes it live again.");
        MapAction(admin, "verify", StatusCodes.Status202Accepted, (control, actor, never) => control.VerifyAsync(actor, never))
            .Refuses(ProjectionRefusals.Verify).WithSummary("Replays once more and compares with the live generation.");
        MapAction(admin, "pause", StatusCodes.Status200OK, (control, actor, never) => control.PauseAsync(actor, never))
            .Refuses(ProjectionRefusals.Pause).WithSummary("Applies no more events, on every host.");
        MapAction(admin, "resume", StatusCodes.Status200OK, (control, actor, never) => control.ResumeAsync(actor, never))
            .Refuses(ProjectionRefusals.Resume).WithSummary("Goes on after a pause.");

        MapOnGeneration(admin, HttpMethod.Post, $"{Generation}/promote", (control, number, actor, never) => control.PromoteAsync(number, actor, never))
            .Refuses(ProjectionRefusals.Promote).WithSummary("Makes a generation live as soon as it has reached the one before.");
        MapOnGeneration(admin, HttpMethod.Post, $"{Generation}/cancel", (control, number, actor, never) => control.CancelAsync(number, actor, never))
            .Refuses(ProjectionRefusals.Cancel).WithSummary("Ends a generation that is not live yet.");
        MapOnGeneration(admin, HttpMethod.Delete, Generation, (control, number, actor, never) => control.DropAsync(number, actor, never))
            .Refuses(ProjectionRefusals.Drop).WithSummary("Drops a retired generation or a snapshot.");
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
