using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>What a route takes and answers, as its documentation tells it. The functions that map routes put it on their endpoints.</summary>
internal sealed record RouteShape
{
    public const string Json = "application/json";

    /// <summary>How the body is read; null where there is none.</summary>
    public JsonTypeInfo? Body { get; init; }

    /// <summary>Whether nothing is as good as a body.</summary>
    public bool IsBodyOptional { get; init; }

    /// <summary>What the fields of the body must be, where no validator says it.</summary>
    public IReadOnlyDictionary<string, FieldConstraint> BodyRules { get; init; } = new Dictionary<string, FieldConstraint>();

    /// <summary>Reads the parameters, as the route does.</summary>
    public Func<QueryReader, object?> Read { get; init; } = _ => null;

    /// <summary>The headers that it takes, and those that it answers with.</summary>
    public IReadOnlyList<RouteHeader> Headers { get; init; } = [];

    /// <summary>The status where nothing is refused.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>How the answer is written; null where it is no JSON of one type.</summary>
    public JsonTypeInfo? Answer { get; init; }

    /// <summary>The answer's schema, where no type tells it.</summary>
    public Func<JsonObject>? AnswerSchema { get; init; }

    public string MediaType { get; init; } = Json;

    /// <summary>What routes of this shape refuse, beside what follows from their parameters, headers and bodies.</summary>
    public IReadOnlyList<Error> Refusals { get; init; } = [];

    /// <summary>Whether it asks a store, which may be away.</summary>
    public bool AsksStore { get; init; } = true;
}
