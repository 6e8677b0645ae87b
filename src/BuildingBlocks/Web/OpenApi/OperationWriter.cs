using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
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
            ?? throw new InvalidOperationException($"{method} {path} has no shape: map it by a function that describes its routes, or describe it.");
        var notes = ParameterNotes.Of(shape.Read);
        var useCase = IsUseCase(shape.Body?.Type) ? shape.Body!.Type : IsUseCase(notes.Asked?.GetType()) ? notes.Asked!.GetType() : null;
        var (summary, description) = TextOf(endpoint, useCase)
            ?? throw new InvalidOperationException($"{method} {path} has no summary or no description: give it both.");
        var refused = ProblemCatalog.Of(shape, notes, endpoint.Metadata);
        return new OpenApiOperation
        {
            OperationId = IdOf(summary),
            Tags = new HashSet<OpenApiTagReference> { new(TagOf(endpoint), document) },
            Summary = summary,
            Description = description,
            Parameters = [.. Parameters(path, shape, notes, useCase)],
            RequestBody = shape.Body is null ? null : BodyOf(shape, endpoint.Metadata.GetMetadata<RouteExample>()),
            Responses = ResponsesOf(shape, refused),
        };
    }

    /// <summary>Adds what the operations referred to.</summary>
    public void WriteComponents()
    {
        schemas.Answer(ProblemJson.Web.Problem);
        foreach (var (name, schema) in schemas.All)
            document.AddComponent(name, (IOpenApiSchema)Read(schema));
        foreach (var (name, value) in problems.Examples)
            document.AddComponent(name, (IOpenApiExample)new OpenApiExample { Summary = (string?)value["title"], Value = value });
        document.AddComponent(RouteHeader.TraceParent.Name, (IOpenApiParameter)Parameter(RouteHeader.TraceParent));
        document.Tags = tags.Values.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
    }

    private IEnumerable<IOpenApiParameter> Parameters(string path, RouteShape shape, ParameterNotes notes, Type? useCase)
    {
        var forms = notes.InRoute.ToDictionary(note => note.Name, note => note.Form);
        foreach (var part in Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse(path).Parameters)
        {
            var form = forms.GetValueOrDefault(part.Name) ?? throw new InvalidOperationException($"{path} does not say what {part.Name} is.");
            yield return new OpenApiParameter { Name = part.Name, In = ParameterLocation.Path, Required = true, Description = form.Description, Schema = Read(SchemaOf(form, FieldConstraint.None)) };
        }

        var rules = RulesOf(useCase);
        foreach (var (name, form) in notes.InQuery)
        {
            var rule = rules[name];
            yield return new OpenApiParameter { Name = name, In = ParameterLocation.Query, Required = rule.IsRequired || form.Constraint.IsRequired, Description = form.Description, Schema = Read(SchemaOf(form, rule)) };
        }

        foreach (var header in shape.Headers.Where(header => !header.IsAnswer))
            yield return Parameter(header);
        yield return new OpenApiParameterReference(RouteHeader.TraceParent.Name, document);
    }

    private OpenApiParameter Parameter(RouteHeader header) => new() { Name = header.Name, In = ParameterLocation.Header, Description = header.Description, Schema = SchemaOf(header) };

    private OpenApiRequestBody BodyOf(RouteShape shape, RouteExample? example)
    {
        var json = shape.Body!;
        var rules = IsUseCase(json.Type) ? RulesOf(json.Type) : FieldRules.Of(shape.BodyRules);
        var content = new OpenApiMediaType { Schema = Read(schemas.Request(json, rules)) };
        if (example is not null)
            content.Example = JsonSerializer.SerializeToNode(example.Body, json);
        return new OpenApiRequestBody { Required = !shape.IsBodyOptional, Content = new Dictionary<string, OpenApiMediaType> { [RouteShape.Json] = content } };
    }

    private OpenApiResponses ResponsesOf(RouteShape shape, IReadOnlyList<Problem> refused)
    {
        var responses = new SortedDictionary<int, OpenApiResponse> { [shape.Status] = AnswerOf(shape) };
        if (shape.Headers.Contains(RouteHeader.IfNoneMatch))
        {
            var tag = HeadersOf(shape.Headers.Where(header => header is { Name: "ETag", IsAnswer: true }));
            responses[StatusCodes.Status304NotModified] =
                new OpenApiResponse { Description = "The caller has this version already.", Headers = tag };
        }

        if (shape.Headers.Contains(RouteHeader.Range))
        {
            var part = shape with { Status = StatusCodes.Status206PartialContent, Headers = [RouteHeader.ContentRange, .. shape.Headers] };
            responses[StatusCodes.Status206PartialContent] = AnswerOf(part);
        }

        foreach (var status in refused.GroupBy(problem => problem.Status))
            responses[status.Key] = RefusalOf(status.Key, [.. status]);
        var result = new OpenApiResponses();
        foreach (var (status, response) in responses)
            result.Add(status.ToString(CultureInfo.InvariantCulture), response);
        return result;
    }

    private OpenApiResponse AnswerOf(RouteShape shape)
    {
        var schema = shape.Answer is { } answer ? schemas.Answer(answer) : shape.AnswerSchema?.Invoke();
        return new OpenApiResponse
        {
            Description = shape.Status switch
            {
                StatusCodes.Status201Created => "What was made.",
                StatusCodes.Status206PartialContent => "The range that was asked for.",
                StatusCodes.Status202Accepted => "What was begun; its place says how far it is.",
                _ => "The answer.",
            },
            Headers = HeadersOf(shape.Headers.Where(header => header.IsAnswer)),
            Content = new Dictionary<string, OpenApiMediaType> { [shape.MediaType] = new() { Schema = schema is null ? null : Read(schema) } },
        };
    }

    private OpenApiResponse RefusalOf(int status, IReadOnlyList<Problem> possible)
    {
        var schema = new JsonObject
        {
            ["allOf"] = new JsonArray(
                new JsonObject { ["$ref"] = $"#/components/schemas/{ProblemSchema}" },
                new JsonObject
                {
                    ["properties"] = new JsonObject
                    {
                        ["type"] = new JsonObject { ["enum"] = new JsonArray([.. possible.Select(problem => JsonValue.Create(problem.Type))]) },
                        ["status"] = new JsonObject { ["enum"] = new JsonArray(status) },
                    },
                }),
        };
        var content = new OpenApiMediaType
        {
            Schema = Read(schema),
            Examples = possible.ToDictionary(problem => problem.Slug, problem => (IOpenApiExample)new OpenApiExampleReference(problems.ExampleOf(problem), document)),
        };
        return new OpenApiResponse
        {
            Description = $"Refused: {string.Join(", ", possible.Select(problem => problem.Slug))}.",
            Headers = possible.Any(SaysWhen) ? HeadersOf([RouteHeader.RetryAfter with { IsSometimes = !possible.All(SaysWhen) }]) : null,
            Content = new Dictionary<string, OpenApiMediaType> { [ProblemResults.ContentType] = content },
        };
    }

    private Dictionary<string, IOpenApiHeader>? HeadersOf(IEnumerable<RouteHeader> headers)
    {
        var answered = headers.ToDictionary(
            header => header.Name,
            header => (IOpenApiHeader)new OpenApiHeader { Description = header.Description, Required = !header.IsSometimes, Schema = SchemaOf(header) });
        return answered.Count == 0 ? null : answered;
    }

    private IOpenApiSchema SchemaOf(RouteHeader header)
    {
        var schema = new JsonObject { ["type"] = header.Type };
        if (header.Default is { } otherwise)
            schema["default"] = otherwise;
        return Read(SchemaGenerator.Constrain(schema, header.Constraint));
    }

    private IOpenApiSchema Read(JsonObject schema)
    {
        if (schema is { Count: 1 } && (string?)schema["$ref"] is { } reference)
            return new OpenApiSchemaReference(reference.Split('/')[^1], document);
        var read = OpenApiModelFactory.Parse<OpenApiSchema>(schema.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out var diagnostic);
        return diagnostic.Errors.Count == 0 ? read! : throw new InvalidOperationException($"{schema}: {string.Join(", ", diagnostic.Errors)}");
    }

    private FieldRules RulesOf(Type? useCase) =>
        useCase is not null && services.GetService(typeof(IValidator<>).MakeGenericType(useCase)) is IValidator validator ? FieldRules.Of(validator) : FieldRules.None;

    private static JsonObject SchemaOf(ParameterForm form, FieldConstraint rule)
    {
        var schema = new JsonObject { ["type"] = form.Type };
        if (form.Alternatives.Count > 0)
            schema["anyOf"] = new JsonArray([.. form.Alternatives.Select(format => new JsonObject { ["format"] = format })]);
        if (form.Default is { } otherwise)
            schema["default"] = otherwise;
        return SchemaGenerator.Constrain(schema, form.Constraint.And(rule));
    }

    // RegisterCustomer is Register customer.
    private static (string Summary, string Description)? TextOf(RouteEndpoint endpoint, Type? useCase)
    {
        var summary = endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary
            ?? (useCase is null ? null : WordsOf(useCase.Name));
        var description = endpoint.Metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description
            ?? (useCase is null ? null : XmlComments.SummaryOf(useCase));
        return summary is null || description is null ? null : (summary, description);
    }

    private static string WordsOf(string name) =>
        string.Concat(name.Select((letter, at) =>
            at > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));

    // Get revenue report is getRevenueReport.
    private static string IdOf(string summary) =>
        JsonNamingPolicy.CamelCase.ConvertName(
            string.Concat(summary.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));

    private static bool IsUseCase(Type? type) => type?.GetInterfaces().Any(implemented =>
        implemented.IsGenericType && (implemented.GetGenericTypeDefinition() == typeof(ICommand<>) || implemented.GetGenericTypeDefinition() == typeof(IQuery<>))) == true;

    private string TagOf(RouteEndpoint endpoint)
    {
        var tag = endpoint.Metadata.GetMetadata<RouteTag>()
            ?? throw new InvalidOperationException($"{endpoint.RoutePattern.RawText} has no tag: give one to it or to its group.");
        tags[tag.Name] = tag;
        return tag.Name;
    }

    private static bool SaysWhen(Problem problem) => problem.RetryAfter is not null || problem.Status == StatusCodes.Status503ServiceUnavailable;
}
