using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>Request and response of a route, for its documentation. The functions that map routes add it to their endpoints.</summary>
internal sealed record RouteShape
{
    public const string JsonMediaType = "application/json";

    /// <summary>How the body of the request is read; null if there is none.</summary>
    public JsonTypeInfo? Body { get; init; }

    public bool IsBodyOptional { get; init; }

    /// <summary>The constraints of the fields of the body, if no validator has them.</summary>
    public IReadOnlyDictionary<string, FieldConstraint> BodyRules { get; init; } = new Dictionary<string, FieldConstraint>();

    /// <summary>Reads the parameters, as the route does.</summary>
    public Func<QueryReader, object?> Read { get; init; } = _ => null;

    /// <summary>The headers of the request and of the response.</summary>
    public IReadOnlyList<RouteHeader> Headers { get; init; } = [];

    /// <summary>The status of a success.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>How the response is written; null if it is not the JSON of a type.</summary>
    public JsonTypeInfo? Response { get; init; }

    /// <summary>The schema of a response that is not the JSON of a type.</summary>
    public Func<JsonObject>? ResponseSchema { get; init; }

    public string MediaType { get; init; } = JsonMediaType;

    /// <summary>Errors in addition to those that follow from parameters, headers and body.</summary>
    public IReadOnlyList<Error> Errors { get; init; } = [];

    /// <summary>Whether the route uses a store, which may not be available.</summary>
    public bool UsesStore { get; init; } = true;
}
