using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Admin.Routes;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>The state of projections, and the operations on them.</summary>
internal sealed class ProjectionRoutes(ProjectionControls controls) : IAdminRoutes
{
    private const string NameName = "name";
    private const string GenerationName = "n";
    private const string One = "/projections/{name}";
    private const string OneGeneration = $"{One}/generations/{{n}}";

    private static readonly RouteTag Tag = new("Projections", "The read models, their generations and the operations on them.");

    public void Map(RouteGroupBuilder admin)
    {
        var projections = admin.MapGroup("").Tag(Tag);
        projections.MapRead("/projections", ProjectionsJson.Web.PageBodyProjectionReport, _ => controls.All, ListAsync)
            .Summary("List projections", "All projections with their generations.");
        projections.MapRead(One, ProjectionsJson.Web.ProjectionReport, query => query.RouteText(NameName), ReportAsync)
            .Refuses(controls.UnknownExample)
            .Summary("Get projection", "One projection with its generations.");

        MapRebuild(projections);
        MapAction(projections, "rollback", OperationResponses.Accepted, (control, actor, token) => control.RollbackAsync(actor, token))
            .Refuses(ProjectionRefusals.Rollback)
            .Summary("Roll back projection", "Catches the last retired generation up and makes it live again.");
        MapAction(projections, "verify", OperationResponses.Accepted, (control, actor, token) => control.VerifyAsync(actor, token))
            .Refuses(ProjectionRefusals.Verify)
            .Summary("Verify projection", "Replays all events and compares the result with the live generation.");
        MapAction(projections, "pause", OperationResponses.Done, (control, actor, token) => control.PauseAsync(actor, token))
            .Refuses(ProjectionRefusals.Pause)
            .Summary("Pause projection", "Stops applying events, on every host.");
        MapAction(projections, "resume", OperationResponses.Done, (control, actor, token) => control.ResumeAsync(actor, token))
            .Refuses(ProjectionRefusals.Resume)
            .Summary("Resume projection", "Applies events again after a pause.");

        MapOnGeneration(
                projections, HttpMethod.Post, $"{OneGeneration}/promote",
                (control, generation, actor, token) => control.PromoteAsync(generation, actor, token))
            .Refuses(ProjectionRefusals.Promote)
            .Summary("Promote generation", "Makes a generation live as soon as it has reached the live one.");
        MapOnGeneration(
                projections, HttpMethod.Post, $"{OneGeneration}/cancel",
                (control, generation, actor, token) => control.CancelAsync(generation, actor, token))
            .Refuses(ProjectionRefusals.Cancel)
            .Summary("Cancel generation", "Ends a generation that is not live yet.");
        MapOnGeneration(
                projections, HttpMethod.Delete, OneGeneration,
                (control, generation, actor, token) => control.DropAsync(generation, actor, token))
            .Refuses(ProjectionRefusals.Drop)
            .Summary("Drop generation", "Drops a retired generation or a snapshot.");
    }

    private void MapRebuild(RouteGroupBuilder projections) =>
        projections.MapOperation(
                $"{One}/rebuild",
                OperationResponses.Accepted,
                ProjectionOf,
                new OperationBody<RebuildBody>(ProjectionsJson.Web.RebuildBody, RebuildBody.Rules, Default: new RebuildBody()),
                RebuildOf,
                (rebuild, actor, token) => rebuild.Control.RebuildAsync(rebuild.Request, actor, token))
            .Refuses(controls.UnknownExample).Refuses(ProjectionRefusals.Rebuild)
            .Example(new RebuildBody("manual"))
            .Summary("Rebuild projection", "Builds a new generation from the first event on, or a snapshot as of a time.");

    private IEndpointConventionBuilder MapAction(
        RouteGroupBuilder projections,
        string verb,
        OperationResponse<Operation> response,
        Func<IProjectionControl, string?, CancellationToken, Task<Result<Operation>>> execute) =>
        projections.MapOperation(
                HttpMethod.Post, $"{One}/{verb}", response, ProjectionOf, (target, actor, token) => execute(target.Control, actor, token))
            .Refuses(controls.UnknownExample);

    private IEndpointConventionBuilder MapOnGeneration(
        RouteGroupBuilder projections,
        HttpMethod method,
        string pattern,
        Func<IProjectionControl, int, string?, CancellationToken, Task<Result<Operation>>> execute) =>
        projections.MapOperation(
                method, pattern, OperationResponses.Accepted, GenerationOf,
                (target, actor, token) => execute(target.Control, target.Generation, actor, token))
            .Refuses(controls.UnknownExample);

    private Result<ProjectionTarget> ProjectionOf(QueryReader query) =>
        controls.TryFind(query.RouteText(NameName), out var control, out var error) ? new ProjectionTarget(control) : error;

    private Result<GenerationTarget> GenerationOf(QueryReader query)
    {
        var generation = query.RouteNumber(GenerationName, "Must be the number of a generation: a whole number above 0.");
        return ProjectionOf(query).TryGet(out var projection, out var error) ? new GenerationTarget(projection.Control, generation) : error;
    }

    private static Result<(IProjectionControl Control, RebuildRequest Request)> RebuildOf(ProjectionTarget target, RebuildBody body) =>
        body.Read().TryGet(out var request, out var error) ? (target.Control, request) : error;

    private static async Task<Result<PageBody<ProjectionReport>>> ListAsync(
        IReadOnlyList<IProjectionControl> all, CancellationToken cancellation) =>
        new PageBody<ProjectionReport>(await Task.WhenAll(all.Select(control => control.ReportAsync(cancellation))), null);

    private async Task<Result<ProjectionReport>> ReportAsync(string name, CancellationToken cancellation) =>
        controls.TryFind(name, out var control, out var error) ? await control.ReportAsync(cancellation) : error;

    private readonly record struct ProjectionTarget(IProjectionControl Control);

    private readonly record struct GenerationTarget(IProjectionControl Control, int Generation);
}
