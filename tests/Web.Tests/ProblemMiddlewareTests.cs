using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class ProblemMiddlewareTests
{
    [Theory]
    [InlineData(false, 499)]
    [InlineData(true, StatusCodes.Status200OK)]
    public async Task Disconnect_is_not_reported_as_a_failure(bool hasStarted, int status)
    {
        using var client = new CancellationTokenSource();
        var context = new DefaultHttpContext { RequestAborted = client.Token };
        context.Features.Set<IHttpResponseFeature>(new Response { HasStarted = hasStarted });
        var middleware = new ProblemMiddleware(async _ =>
        {
            await client.CancelAsync();
            client.Token.ThrowIfCancellationRequested();
        }, [], NullLogger<ProblemMiddleware>.Instance);

        await middleware.InvokeAsync(context);

        context.Response.StatusCode.ShouldBe(status);
    }

    /// <summary>Like a server's response: it cannot be changed after it has started.</summary>
    private sealed class Response : HttpResponseFeature, IHttpResponseFeature
    {
        private int status = StatusCodes.Status200OK;

        public new bool HasStarted { get; init; }

        bool IHttpResponseFeature.HasStarted => HasStarted;

        int IHttpResponseFeature.StatusCode
        {
            get => status;
            set => status = HasStarted ? throw new InvalidOperationException("The response has started.") : value;
        }
    }
}
