using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.Responses;

/// <summary>Sends a response that is, or could be, stored under an idempotency key.</summary>
internal static class StoredResponseResult
{
    public const string JsonContent = MediaTypeNames.Application.Json + "; charset=utf-8";

    public static Task SendAsync(HttpContext context, StoredResponse stored, bool isReplay)
    {
        var response = context.Response;
        response.StatusCode = stored.Status;
        foreach (var (name, value) in stored.Headers)
            response.Headers[name] = value;
        if (isReplay)
            response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        response.ContentLength = stored.Body.Length;
        return response.Body.WriteAsync(stored.Body, context.RequestAborted).AsTask();
    }
}
