using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Microsoft.AspNetCore.Routing;
using Monolith.Testing;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>The committed documents equal those of the running host, are complete, and are valid OpenAPI.</summary>
[Trait("Category", "System")]
public sealed partial class DocumentTests(OpenHost host)
{
    private const string WriteVariable = "MONOLITH_WRITE_DOCS";
    private const string ModulesPrefix = "/api/v1/";
    private const string AdminPrefix = "/admin/api/";

    // Compiled once, because its name is registered globally. The validator loses a pattern with a slash, so that the slash is written as
    // its code.
    private static readonly JsonSchema OpenApi = JsonSchema.FromText(
        Repository.Read("tests/Host.Tests/OpenApi/openapi-3.1-schema.json").Replace("\"^/\"", "\"^\\\\x2F\"", StringComparison.Ordinal));

    // Routes that are not part of the API and therefore not documented.
    private static readonly string[] Undocumented = ["/health/", "/metrics", "/live", "/docs", "/openapi/"];

    [Theory, InlineData("v1"), InlineData("admin")]
    public async Task Committed_document_equals_the_answer_of_the_host(string name)
    {
        await host.RunningAsync();
        using var answer = await host.Client.GetAsync(new Uri($"/openapi/{name}.json", UriKind.Relative));

        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()).ShouldBe((200, "application/json; charset=utf-8"), text);
        var file = $"docs/openapi/{name}.json";
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            Repository.Write(file, text);
        var committed = Repository.Read(file);
        (text == committed)
            .ShouldBeTrue(
                $"{file} is not what the host answers any more: {Difference(committed, text)}. If the API was meant to change, run this "
                    + $"test with {WriteVariable}=1, which writes it, and commit the file");
    }

    [Fact]
    public async Task Documented_routes_equal_the_mapped_routes()
    {
        await host.RunningAsync();
        var mapped = (from endpoint in host.Endpoints.Endpoints.OfType<RouteEndpoint>()
                      from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]
                      select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}").ToArray();
        var documented = ApiText.V1.Operations.Concat(ApiText.Admin.Operations).Select(operation => operation.Name).ToArray();

        mapped.Where(
            route =>
                route.Contains(" " + ModulesPrefix, StringComparison.Ordinal)
                    || route.Contains(" " + AdminPrefix, StringComparison.Ordinal))
            .Order()
            .ShouldBe(documented.Order());
        mapped.Except(documented).Except(["GET /"])
            .ShouldAllBe(route => Undocumented.Any(prefix => route.Contains(" " + prefix, StringComparison.Ordinal)));
        documented.Length.ShouldBeGreaterThan(30);
    }

    [Theory, InlineData("v1"), InlineData("admin")]
    public void Document_is_valid_OpenAPI(string name)
    {
        using var document = JsonDocument.Parse(Repository.Read($"docs/openapi/{name}.json"));
        using var broken = JsonDocument.Parse("""{"openapi":"3.1.0","info":{"title":"No version"},"paths":{}}""");

        var result = OpenApi.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });

        result.IsValid.ShouldBeTrue(
            string.Join(
                "\n",
                (result.Details ?? [])
                    .Where(detail => detail.Errors is not null)
                    .Take(20)
                    .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}")));
        OpenApi.Evaluate(broken.RootElement).IsValid.ShouldBeFalse();
    }

    [Theory, InlineData("v1"), InlineData("admin")]
    public void Every_schema_is_valid_and_every_reference_resolves(string name)
    {
        var document = JsonNode.Parse(Repository.Read($"docs/openapi/{name}.json"))!;
        var schemas = Nodes("", document)
            .Where(entry => entry.Name == "schema" || entry.Node.Parent?.GetPath() == "$.components.schemas")
            .Select(entry => entry.Node)
            .ToArray();

        schemas.Length.ShouldBeGreaterThan(50);
        foreach (var schema in schemas)
        {
            using var element = JsonDocument.Parse(schema.ToJsonString());
            MetaSchemas.Draft202012.Evaluate(element.RootElement).IsValid.ShouldBeTrue(schema.GetPath());
        }

        var references = Nodes("", document).Where(entry => entry.Name == "$ref").Select(entry => (string)entry.Node!).Distinct().ToArray();
        references.Length.ShouldBeGreaterThan(10);
        foreach (var reference in references)
            reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)document, (at, part) => at?[part]).ShouldNotBeNull(reference);
    }

    [Fact]
    public void Slugs_are_explained_and_operation_names_are_unique()
    {
        var problems = Repository.Read("docs/problems.md");
        ApiOperation[] operations = [.. ApiText.V1.Operations, .. ApiText.Admin.Operations];

        foreach (var slug in operations.SelectMany(operation => operation.Slugs).Distinct())
            problems.ShouldContain($"| `{slug}` |");
        foreach (var document in operations.GroupBy(operation => operation.Document))
            document.Select(operation => (string)operation.Node["operationId"]!).ShouldBeUnique();
    }

    [Theory, InlineData("v1"), InlineData("admin")]
    public void Every_operation_has_a_short_name_and_a_sentence(string name)
    {
        var document = JsonNode.Parse(Repository.Read($"docs/openapi/{name}.json"))!;
        foreach (var operation in ApiText.Read(name).Operations)
        {
            var (summary, description) = ((string)operation.Node["summary"]!, (string?)operation.Node["description"]);
            var words = summary.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..]);
            var camelCase = JsonNamingPolicy.CamelCase.ConvertName(string.Concat(words));

            VerbAndNoun().IsMatch(summary).ShouldBeTrue($"{operation.Name}: '{summary}'");
            description.ShouldNotBeNull(operation.Name).ShouldEndWith(".", customMessage: operation.Name);
            description.ShouldNotBe(summary);
            ((string)operation.Node["operationId"]!).ShouldBe(camelCase, operation.Name);
            operation.Node["tags"]!.AsArray().Count.ShouldBe(1, operation.Name);
        }

        var tags = document["tags"]!.AsArray();
        var used = ApiText.Read(name).Operations.Select(operation => (string)operation.Node["tags"]![0]!);
        tags.ShouldAllBe(tag => ((string?)tag!["description"] ?? "").EndsWith('.'));
        tags.Select(tag => (string)tag!["name"]!).Order().ShouldBe(used.Distinct().Order());
    }

    [Theory, InlineData("v1"), InlineData("admin")]
    public void Every_pattern_is_portable(string name)
    {
        var document = JsonNode.Parse(Repository.Read($"docs/openapi/{name}.json"))!;
        var patterns = Nodes("", document).Where(entry => entry.Name == "pattern").Select(entry => (string)entry.Node!).ToHashSet();

        patterns.ShouldNotBeEmpty();
        foreach (var pattern in patterns)
        {
            NotPortable().IsMatch(pattern).ShouldBeFalse(pattern);
            Should.NotThrow(() => new Regex(pattern, RegexOptions.ECMAScript), pattern);
        }
    }

    // A verb in the base form and its object, at most four words.
    [GeneratedRegex("^[A-Z][a-z]+( [a-z]+){1,3}$")]
    private static partial Regex VerbAndNoun();

    // Classes of characters by letter, look-around, other kinds of groups, references, and other anchors than ^ and $.
    [GeneratedRegex(@"\\[pPdDsSwWbBAzZkKQEcGX1-9]|\(\?")]
    private static partial Regex NotPortable();

    private static IEnumerable<(string Name, JsonNode Node)> Nodes(string name, JsonNode node) => node switch
    {
        JsonObject members =>
            members.Where(member => member.Value is not null).SelectMany(member => Nodes(member.Key, member.Value!)).Prepend((name, node)),
        JsonArray items => items.Where(item => item is not null).SelectMany(item => Nodes("", item!)).Prepend((name, node)),
        _ => [(name, node)],
    };

    private static string Difference(string committed, string text)
    {
        var (before, now) = (committed.Split('\n'), text.Split('\n'));
        var line = before.Zip(now).TakeWhile(lines => lines.First == lines.Second).Count();
        return $"line {line + 1} is '{now.ElementAtOrDefault(line)?.Trim()}' instead of '{before.ElementAtOrDefault(line)?.Trim()}'";
    }
}
