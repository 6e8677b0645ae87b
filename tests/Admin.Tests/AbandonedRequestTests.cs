using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Admin.Routes;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;

namespace Monolith.Admin.Tests;

/// <summary>An operation is finished even if the operator's client disconnects.</summary>
[Trait("Category", "Unit")]
public sealed class AbandonedRequestTests : IAsyncDisposable
{
    private const string Name = "shop.counters";

    private readonly WebApplication app = WebApplication.CreateSlimBuilder().Build();
    private readonly IProjectionControl control = DispatchProxy.Create<IProjectionControl, RecordingControl>();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("POST", "/projections/{name}/rebuild", null)]
    [InlineData("POST", "/projections/{name}/rollback", null)]
    [InlineData("POST", "/projections/{name}/verify", null)]
    [InlineData("POST", "/projections/{name}/pause", null)]
    [InlineData("POST", "/projections/{name}/resume", null)]
    [InlineData("POST", "/projections/{name}/generations/{n}/promote", null)]
    [InlineData("POST", "/projections/{name}/generations/{n}/cancel", null)]
    [InlineData("DELETE", "/projections/{name}/generations/{n}", null)]
    [InlineData("POST", "/dead-letters/requeue", """{"projection":"shop.counters"}""")]
    [InlineData("POST", "/dead-letters/discard", """{"projection":"shop.counters","key":"k","reason":"test data"}""")]
    public async Task Operation_does_not_depend_on_the_client(string method, string route, string? body)
    {
        var controls = new ProjectionControls([control]);
        foreach (var routes in new IAdminRoutes[] { new ProjectionRoutes(controls), new DeadLetterRoutes(controls) })
            routes.Map(app.MapGroup(""));
        var endpoint = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Single(endpoint => endpoint.RoutePattern.RawText == route
                && endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Contains(method));
        using var client = new CancellationTokenSource();
        var context = new DefaultHttpContext { RequestServices = app.Services, RequestAborted = client.Token };
        context.Request.Method = method;
        (context.Request.RouteValues["name"], context.Request.RouteValues["n"]) = (Name, "2");
        if (body is not null)
        {
            context.Request.ContentType = "application/json";
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        }

        await endpoint.RequestDelegate!(context);

        ((RecordingControl)control).Tokens.ShouldHaveSingleItem().ShouldBe(CancellationToken.None);
        context.Response.StatusCode.ShouldBeInRange(200, 202);
    }

    /// <summary>Records the cancellation token of each call. Not sealed, since the proxy derives from it.</summary>
    public class RecordingControl : DispatchProxy
    {
        internal List<CancellationToken> Tokens { get; } = [];

        /// <inheritdoc />
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.ReturnType == typeof(string))
                return Name;
            Tokens.Add((CancellationToken)args![^1]!);
            return Task.FromResult<Result<Operation>>(
                new Operation(Guid.Empty, "test", Name, null, null, OperationState.Done, null, null, DateTimeOffset.UnixEpoch, null));
        }
    }
}
