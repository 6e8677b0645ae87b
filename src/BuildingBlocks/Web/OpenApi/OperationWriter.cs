using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>Writes the operations of one document, and the components that they refer to.</summary>
internal sealed class OperationWriter(OpenApiDocument document, IServiceProvider services)
{
    private const string ProblemSchema = "Problem";

    private readonly SchemaGenerator schemas = new();
    private readonly ProblemCatalog problems = new();
    private readonly SortedDictionary<string, RouteTag> tags = new(StringComparer.Ordinal);

    public OpenApiOperation Write(string path, string method, RouteEndpoint endpoint)
    {
        var shape = endpoint.Metadata.GetMetadata<RouteShape>()
            ?? throw new InvalidOperationException($"{method} {path} has no shape: map it with a function that describes its routes.");
        var parameters = ParameterRecorder.Of(shape.Read);
        var useCase = IsUseCase(shape.Body?.Type) ? shape.Body!.Type
            : IsUseCase(parameters.Request?.GetType()) ? parameters.Request!.GetType()
            : null;
        var (summary, description) = TextOf(endpoint, useCase)
            ?? throw new InvalidOperationException($"{method} {path} has no summary or no description: give it both.");
        return new OpenApiOperation
        {
            OperationId = IdOf(summary),
            Tags = new HashSet<OpenApiTagReference> { new(TagOf(endpoint), document) },
            Summary = summary,
            Description = description,
            Parameters = [.. ParametersOf(path, shape, parameters, useCase)],
            RequestBody = shape.Body is null ? null : BodyOf(shape, endpoint.Metadata.GetMetadata<RouteExample>()),
            Responses = ResponsesOf(shape, ProblemCatalog.Of(shape, parameters, endpoint.Metadata)),
        };
    }

    /// <summary>Adds what the operations refer to.</summary>
    public void WriteComponents()
    {
        schemas.Response(ProblemJson.Web.Problem);
        foreach (var (name, schema) in schemas.All)
            document.AddComponent(name, (IOpenApiSchema)Parse(schema));
        foreach (var (name, value) in problems.Examples)
            document.AddComponent(name, (IOpenApiExample)new OpenApiExample { Summary = (string?)value["title"], Value = value });
        document.AddComponent(RouteHeader.TraceParent.Name, (IOpenApiParameter)ParameterOf(RouteHeader.TraceParent));
        document.Tags = tags.Values.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
    }

    private IEnumerable<IOpenApiParameter> ParametersOf(string path, RouteShape shape, ParameterRecorder parameters, Type? useCase)
    {
        var inRoute = parameters.InRoute.ToDictionary(parameter => parameter.Name, parameter => parameter.Schema);
        foreach (var part in RoutePatternFactory.Parse(path).Parameters)
        {
            var schema = inRoute.GetValueOrDefault(part.Name)
                ?? throw new InvalidOperationException($"{path} does not read its parameter {part.Name}.");
            yield return new OpenApiParameter
            {
                Name = part.Name,
                In = ParameterLocation.Path,
                Required = true,
                Description = schema.Description,
                Schema = Parse(SchemaOf(schema, FieldConstraint.None)),
            };
        }

        var rules = RulesOf(useCase);
        foreach (var (name, schema) in parameters.InQuery)
        {
            yield return new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Required = rules[name].IsRequired || schema.Constraint.IsRequired,
                Description = schema.Description,
                Schema = Parse(SchemaOf(schema, rules[name])),
            };
        }

        foreach (var header in shape.Headers.Where(header => !header.IsInResponse))
            yield return ParameterOf(header);
        yield return new OpenApiParameterReference(RouteHeader.TraceParent.Name, document);
    }

    private OpenApiParameter ParameterOf(RouteHeader header) => new()
    {
        Name = header.Name, In = ParameterLocation.Header, Description = header.Description, Schema = SchemaOf(header),
    };

    private OpenApiRequestBody BodyOf(RouteShape shape, RouteExample? example)
    {
        var json = shape.Body!;
        var rules = IsUseCase(json.Type) ? RulesOf(json.Type) : FieldRules.Of(shape.BodyRules);
        var content = new OpenApiMediaType { Schema = Parse(schemas.Request(json, rules)) };
        if (example is not null)
            content.Example = JsonSerializer.SerializeToNode(example.Body, json);
        return new OpenApiRequestBody { Required = !shape.IsBodyOptional, Content = ContentOf(RouteShape.JsonMediaType, content) };
    }

    private OpenApiResponses ResponsesOf(RouteShape shape, IReadOnlyList<Problem> errors)
    {
        var responses = new SortedDictionary<int, OpenApiResponse> { [shape.Status] = SuccessOf(shape) };
        if (shape.Headers.Contains(RouteHeader.IfNoneMatch))
        {
            responses[StatusCodes.Status304NotModified] = new OpenApiResponse
            {
                Description = "The client already has this version.",
                Headers = HeadersOf(shape.Headers.Where(header => header is { Name: "ETag", IsInResponse: true })),
            };
        }

        if (shape.Headers.Contains(RouteHeader.Range))
        {
            var part = shape with
            {
                Status = StatusCodes.Status206PartialContent, Headers = [RouteHeader.ContentRange, .. shape.Headers],
            };
            responses[StatusCodes.Status206PartialContent] = SuccessOf(part);
        }

        foreach (var status in errors.GroupBy(problem => problem.Status))
            responses[status.Key] = ErrorOf(status.Key, [.. status]);
        var result = new OpenApiResponses();
        foreach (var (status, response) in responses)
            result.Add(status.ToString(CultureInfo.InvariantCulture), response);
        return result;
    }

    private OpenApiResponse SuccessOf(RouteShape shape)
    {
        var schema = shape.Response is { } response ? schemas.Response(response) : shape.ResponseSchema?.Invoke();
        return new OpenApiResponse
        {
            Description = shape.Status switch
            {
                StatusCodes.Status201Created => "The new resource.",
                StatusCodes.Status206PartialContent => "The requested range.",
                StatusCodes.Status202Accepted => "The operation was started; its location shows its progress.",
                _ => "The response.",
            },
            Headers = HeadersOf(shape.Headers.Where(header => header.IsInResponse)),
            Content = ContentOf(shape.MediaType, new OpenApiMediaType { Schema = schema is null ? null : Parse(schema) }),
        };
    }

    private OpenApiResponse ErrorOf(int status, IReadOnlyList<Problem> possible)
    {
        var types = possible.Select(problem => JsonValue.Create(problem.Type));
        var schema = new JsonObject
        {
            ["allOf"] = new JsonArray(
                new JsonObject { ["$ref"] = $"#/components/schemas/{ProblemSchema}" },
                new JsonObject
                {
                    ["properties"] = new JsonObject
                    {
                        ["type"] = new JsonObject { ["enum"] = new JsonArray([.. types]) },
                        ["status"] = new JsonObject { ["enum"] = new JsonArray(status) },
                    },
                }),
        };
        var content = new OpenApiMediaType
        {
            Schema = Parse(schema),
            Examples = possible.ToDictionary(
                problem => problem.Slug, problem => (IOpenApiExample)new OpenApiExampleReference(problems.ExampleOf(problem), document)),
        };
        var withRetryAfter = possible.Count(problem => ProblemResults.RetryAfterOf(problem) is not null);
        return new OpenApiResponse
        {
            Description = $"Refused: {string.Join(", ", possible.Select(problem => problem.Slug))}.",
            Headers = withRetryAfter > 0
                ? HeadersOf([RouteHeader.RetryAfter with { IsOptional = withRetryAfter < possible.Count }])
                : null,
            Content = ContentOf(ProblemResults.ContentType, content),
        };
    }

    private static Dictionary<string, OpenApiMediaType> ContentOf(string mediaType, OpenApiMediaType content) =>
        new() { [mediaType] = content };

    private Dictionary<string, IOpenApiHeader>? HeadersOf(IEnumerable<RouteHeader> headers)
    {
        var result = headers.ToDictionary(
            header => header.Name,
            header => (IOpenApiHeader)new OpenApiHeader
            {
                Description = header.Description, Required = !header.IsOptional, Schema = SchemaOf(header),
            });
        return result.Count == 0 ? null : result;
    }

    private IOpenApiSchema SchemaOf(RouteHeader header)
    {
        var schema = new JsonObject { ["type"] = header.Type };
        if (header.Default is { } defaultValue)
            schema["default"] = defaultValue;
        return Parse(SchemaGenerator.Constrain(schema, header.Constraint));
    }

    private static JsonObject SchemaOf(ParameterSchema parameter, FieldConstraint rule)
    {
        var schema = new JsonObject { ["type"] = parameter.Type };
        if (parameter.Alternatives.Count > 0)
            schema["anyOf"] = new JsonArray([.. parameter.Alternatives.Select(format => new JsonObject { ["format"] = format })]);
        if (parameter.Default is { } defaultValue)
            schema["default"] = defaultValue;
        return SchemaGenerator.Constrain(schema, parameter.Constraint.And(rule));
    }

    private IOpenApiSchema Parse(JsonObject schema)
    {
        if (schema is { Count: 1 } && (string?)schema["$ref"] is { } reference)
            return new OpenApiSchemaReference(reference.Split('/')[^1], document);
        var parsed = OpenApiModelFactory.Parse<OpenApiSchema>(
            schema.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out var diagnostic);
        return diagnostic.Errors.Count == 0
            ? parsed!
            : throw new InvalidOperationException($"{schema}: {string.Join(", ", diagnostic.Errors)}");
    }

    private FieldRules RulesOf(Type? useCase) =>
        useCase is not null && services.GetService(typeof(IValidator<>).MakeGenericType(useCase)) is IValidator validator
            ? FieldRules.Of(validator)
            : FieldRules.None;

    private static (string Summary, string Description)? TextOf(RouteEndpoint endpoint, Type? useCase)
    {
        var summary = endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary
            ?? (useCase is null ? null : WordsOf(useCase.Name));
        var description = endpoint.Metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description
            ?? (useCase is null ? null : XmlComments.SummaryOf(useCase));
        return summary is null || description is null ? null : (summary, description);
    }

    // RegisterCustomer becomes Register customer.
    private static string WordsOf(string name) =>
        string.Concat(name.Select((letter, at) =>
            at > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));

    // Get revenue report becomes getRevenueReport.
    private static string IdOf(string summary) =>
        JsonNamingPolicy.CamelCase.ConvertName(
            string.Concat(summary.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));

    private static bool IsUseCase(Type? type) => type?.GetInterfaces().Any(implemented =>
        implemented.IsGenericType
        && (implemented.GetGenericTypeDefinition() == typeof(ICommand<>)
            || implemented.GetGenericTypeDefinition() == typeof(IQuery<>))) == true;

    private string TagOf(RouteEndpoint endpoint)
    {
        var tag = endpoint.Metadata.GetMetadata<RouteTag>()
            ?? throw new InvalidOperationException($"{endpoint.RoutePattern.RawText} has no tag: give one to it or to its group.");
        tags[tag.Name] = tag;
        return tag.Name;
    }
}
