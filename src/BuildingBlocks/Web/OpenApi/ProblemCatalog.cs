using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Web.Access;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.BuildingBlocks.Web.Traffic;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>The problems of one document: those of each route, and an example of each.</summary>
internal sealed class ProblemCatalog
{
    private static readonly HttpRequest EmptyRequest = new DefaultHttpContext().Request;

    private static readonly Error InvalidFields = RequestErrors.Invalid(new Dictionary<string, string[]> { ["field"] = ["Is required."] });

    private static readonly LogOffset ExampleOffset = new("customers.events", Partition: 7, NextOffset: 42);

    private static readonly Error[] TokenErrors =
    [
        ConsistencyErrors.Behind("orders.customers", ExampleOffset, missing: 1),
        ConsistencyErrors.LogShorter(ExampleOffset, head: 40),
    ];

    private readonly SortedDictionary<string, Problem> examples = new(StringComparer.Ordinal);

    /// <summary>An example of each problem, by its name.</summary>
    public IEnumerable<(string Name, JsonNode Value)> Examples =>
        examples.Select(example => (example.Key, JsonSerializer.SerializeToNode(example.Value, ProblemJson.Web.Problem)!));

    /// <summary>The problems of a route: those that follow from its shape and its read models, and those that it declares.</summary>
    public static IReadOnlyList<Problem> Of(RouteShape shape, ParameterRecorder parameters, EndpointMetadataCollection metadata)
    {
        var errors = new List<Error>();
        var statuses = new List<int> { StatusCodes.Status500InternalServerError };
        if (parameters.InRoute.Any(parameter => parameter.Schema == ParameterSchema.Uuid))
            errors.Add(RouteId.Invalid("id"));
        // Any request can contain a parameter twice, even one that the route does not read.
        errors.Add(InvalidFields);
        if (metadata.GetMetadata<LocalOnly>() is null)
            errors.AddRange([RequestOriginMiddleware.HostNotAllowed, RequestOriginMiddleware.OriginNotAllowed]);
        if (shape.Body is not null)
        {
            errors.Add(JsonBody.Malformed(line: 1, position: 1));
            statuses.AddRange(
            [
                StatusCodes.Status400BadRequest,
                StatusCodes.Status408RequestTimeout,
                StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status415UnsupportedMediaType,
            ]);
        }

        if (shape.UsesStore)
            errors.Add(StorageErrors.Unavailable);
        if (metadata.GetMetadata<BypassRequestLimit>() is null)
            errors.Add(TrafficMiddleware.Overloaded);
        if (metadata.GetMetadata<ReadModels>() is { } models)
            errors.AddRange(models.AreRead ? [StorageErrors.Building, .. TokenErrors] : TokenErrors);
        errors.AddRange(shape.Headers.SelectMany(header => header.Errors));
        errors.AddRange(shape.Errors);
        errors.AddRange(metadata.GetOrderedMetadata<RouteRefusals>().SelectMany(declared => declared.Errors));
        var problems = errors.Select(ProblemMapping.Of).Concat(shape.Headers.SelectMany(header => header.Problems));
        if (shape.Body is not null)
            problems = problems.Append(ContentCoding.UnknownCoding);
        problems = problems.Concat(statuses.Select(status => ProblemMapping.Of(status, EmptyRequest)));
        return [.. problems.DistinctBy(problem => (problem.Status, problem.Type)).OrderBy(problem => problem.Status)];
    }

    /// <summary>The name of a problem's example.</summary>
    public string ExampleOf(Problem problem)
    {
        var name = problem.Slug;
        if (!examples.TryGetValue(name, out var known))
            examples[name] = known = problem with { Instance = "/", TraceId = "0af7651916cd43dd8448eb211c80319c" };
        return known.Status == problem.Status
            ? name
            : throw new InvalidOperationException(
                $"The problem {name} has two statuses in one document: {known.Status} and {problem.Status}.");
    }
}
