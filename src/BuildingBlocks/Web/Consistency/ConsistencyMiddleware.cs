using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.Consistency;

/// <summary>Delays a request with a consistency token until its read models contain the events of the token.</summary>
internal sealed class ConsistencyMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.Headers.ContainsKey(ConsistencyHeaders.Token) ? WaitAsync(context) : next(context);

    private async Task WaitAsync(HttpContext context)
    {
        if (await WaitForReadModelsAsync(context) is { } error)
            await context.WriteProblemAsync(error);
        else
            await next(context);
    }

    private static async Task<Error?> WaitForReadModelsAsync(HttpContext context)
    {
        if (!ConsistencyHeaders.ReadOffsets(context.Request).TryGet(out var offsets, out var error)
            || !ConsistencyHeaders.ReadTimeout(context.Request).TryGet(out var timeout, out error))
            return error;
        if (context.GetEndpoint()?.Metadata.GetMetadata<ReadModels>() is not { } models)
            return null;
        var gate = context.RequestServices.GetRequiredService<IReadModelGate>();
        return await gate.WaitAsync(models.Names, offsets, timeout, context.RequestAborted);
    }
}
