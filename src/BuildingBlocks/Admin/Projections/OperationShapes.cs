using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Web.OpenApi;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>The shapes of the routes that answer with an operation.</summary>
internal static class OperationShapes
{
    /// <summary>Asks without a body.</summary>
    /// <param name="status">200 where it is done at once, 202 where it takes time.</param>
    public static RouteShape Of(int status) => new()
    {
        Status = status,
        Answer = ProjectionsJson.Web.Operation,
        Headers = status == StatusCodes.Status202Accepted ? [RouteHeader.Actor, RouteHeader.Location] : [RouteHeader.Actor],
    };

    /// <summary>Asks with a body for what takes time.</summary>
    /// <param name="body">How it is read.</param>
    /// <param name="rules">What its fields must be.</param>
    public static RouteShape Of(JsonTypeInfo body, IReadOnlyDictionary<string, FieldConstraint> rules) => Of(StatusCodes.Status202Accepted) with { Body = body, BodyRules = rules };
}
