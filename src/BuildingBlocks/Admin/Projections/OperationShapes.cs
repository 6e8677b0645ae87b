using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Web.OpenApi;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>The shapes of the routes that answer with an operation.</summary>
internal static class OperationShapes
{
    /// <summary>Asks without a body.</summary>
    /// <param name="status">200 where it is done at once, 202 where it takes time.</param>
    /// <param name="method">Its method; POST unless said.</param>
    public static RouteShape Of(int status, HttpMethod? method = null) => new()
    {
        Status = status,
        Answer = ProjectionsJson.Web.Operation,
        Headers =
        [
            .. method is null || method == HttpMethod.Post ? RouteShapes.OfPosts : [],
            RouteHeader.Actor,
            .. status == StatusCodes.Status202Accepted ? new[] { RouteHeader.Location } : [],
        ],
    };

    /// <summary>Asks with a body for what takes time.</summary>
    /// <param name="body">How it is read.</param>
    /// <param name="rules">What its fields must be.</param>
    public static RouteShape Of(JsonTypeInfo body, IReadOnlyDictionary<string, FieldConstraint> rules) => Of(StatusCodes.Status202Accepted) with { Body = body, BodyRules = rules };
}
