using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.Consistency;

/// <summary>Holds a request with a consistency token back until what it is answered from shows the events of the token.</summary>
internal sealed class ConsistencyMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.Headers.ContainsKey(ConsistencyHeaders.Token) ? WaitAsync(context) : next(context);

    private async Task WaitAsync(HttpContext context)
    {
        if (await ProblemAsync(context) is { } problem)
            await context.AnswerAsync(problem);
        else
            await next(context);
    }

    private static async Task<Error?> ProblemAsync(HttpContext context)
    {
        if (!ConsistencyHeaders.ReadPlaces(context.Request).TryGet(out var places, out var error) || !ConsistencyHeaders.ReadTimeout(context.Request).TryGet(out var atMost, out error))
            return error;
        return context.GetEndpoint()?.Metadata.GetMetadata<ReadModels>() is { } models
            ? await context.RequestServices.GetRequiredService<IReadModelGate>().WaitAsync(models.Names, places, atMost, context.RequestAborted)
            : null;
    }
}
