using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Answers;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>Where projections stand, and what operators do to them.</summary>
internal sealed class ProjectionRoutes(ProjectionControls controls) : IAdminRoutes
{
    private const string NameName = "name";
    private const string One = "/projections/{name}";
    private const string Generation = $"{One}/generations/{{n}}";

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapRead("/projections", ProjectionsJson.Web.PageBodyProjectionReport, _ => controls.All, ListAsync);
        admin.MapRead(One, ProjectionsJson.Web.ProjectionReport, query => query.RouteText(NameName), ReportAsync);

        admin.MapPost($"{One}/rebuild", RebuildAsync);
        MapAction(admin, "rollback", StatusCodes.Status202Accepted, (control, actor, never) => control.RollbackAsync(actor, never));
        MapAction(admin, "verify", StatusCodes.Status202Accepted, (control, actor, never) => control.VerifyAsync(actor, never));
        MapAction(admin, "pause", StatusCodes.Status200OK, (control, actor, never) => control.PauseAsync(actor, never));
        MapAction(admin, "resume", StatusCodes.Status200OK, (control, actor, never) => control.ResumeAsync(actor, never));

        MapOnGeneration(admin, HttpMethod.Post, $"{Generation}/promote", (control, number, actor, never) => control.PromoteAsync(number, actor, never));
        MapOnGeneration(admin, HttpMethod.Post, $"{Generation}/cancel", (control, number, actor, never) => control.CancelAsync(number, actor, never));
        MapOnGeneration(admin, HttpMethod.Delete, Generation, (control, number, actor, never) => control.DropAsync(number, actor, never));
    }

    private void MapAction(RouteGroupBuilder admin, string verb, int status, Func<IProjectionControl, string?, CancellationToken, Task<Result<Operation>>> ask)
    {
        admin.MapPost($"{One}/{verb}", AnswerAsync);

        Task AnswerAsync(HttpContext context) =>
            controls.TryFind(NameIn(context), out var control, out var error)
                ? context.AnswerOperationAsync(status, (actor, never) => ask(control, actor, never))
                : context.AnswerAsync(error);
    }

    private void MapOnGeneration(RouteGroupBuilder admin, HttpMethod method, string pattern, Func<IProjectionControl, int, string?, CancellationToken, Task<Result<Operation>>> ask)
    {
        admin.MapMethods(pattern, [method.Method], AnswerAsync);

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

    private static string NameIn(HttpContext context) => (string)context.Request.RouteValues[NameName]!;

    private static async Task<Result<PageBody<ProjectionReport>>> ListAsync(IReadOnlyList<IProjectionControl> all, CancellationToken cancellation) =>
        new PageBody<ProjectionReport>(await Task.WhenAll(all.Select(control => control.ReportAsync(cancellation))), null);

    private async Task<Result<ProjectionReport>> ReportAsync(string name, CancellationToken cancellation) =>
        controls.TryFind(name, out var control, out var error) ? await control.ReportAsync(cancellation) : error;
}
