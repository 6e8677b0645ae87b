using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.Answers;

/// <summary>Sends an answer that is stored under a key, or would be.</summary>
internal static class StoredResponseResult
{
    public const string JsonContent = MediaTypeNames.Application.Json + "; charset=utf-8";

    public static Task SendAsync(HttpContext context, StoredResponse answer, bool isReplay)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        if (isReplay)
            response.Headers[IdempotencyKey.Replayed] = "true";
        response.ContentLength = answer.Body.Length;
        return response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask();
    }
}
