using System.Text.Json.Nodes;
using Monolith.Testing;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>Text that no store accepts is refused in every parameter and field of the modules and the admin API.</summary>
[Trait("Category", "System")]
public sealed class HostileTextTests(OpenHost host)
{
    private const string Projection = "orders.customers";
    private const string UnknownId = "0198a8a0-0000-7000-8000-000000000009";
    private const int Long = 20_000;

    // The query text is not used as a key: it is split into words.
    private const string SearchText = "q";

    public static TheoryData<string> Values =>
        ["a%00b", "%00", "%C2%85", "a%0D%0Ab", new string('a', Long), "%F0%9F%98%80%00", "%E3%85%A4", "%FF%FE", "%ED%A0%80"];

    [Theory, MemberData(nameof(Values))]
    public async Task Query_parameter_with_hostile_text_never_causes_a_server_error(string value)
    {
        await host.RunningAsync();
        var asked = 0;
        foreach (var operation in Reads())
        {
            foreach (var parameter in In(operation, "query"))
            {
                var name = (string)parameter["name"]!;
                var answer = await host.Client.GetJson($"{PathOf(operation)}?{QueryOf(operation, name, value)}");

                answer.Status.ShouldBeOneOf([200, 400, 404], $"{operation.Name} {name}: {answer.Text}");
                if (value.Contains("%00", StringComparison.Ordinal) && name != SearchText)
                    FieldsOf(answer).ShouldBe([name], $"{operation.Name} {name}: {answer.Text}");
                asked++;
            }
        }

        asked.ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData("2026-01-31T09:30:00.123456789Z")]
    [InlineData("2026-01-31t09:30:00z")]
    [InlineData("2026-01-31T09:30:00.1%2B14:00")]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task Time_parameters_accept_RFC_3339(string time)
    {
        await host.RunningAsync();
        var asked = 0;
        foreach (var operation in Reads())
        {
            foreach (var parameter in In(operation, "query").Where(parameter => TakesTime(parameter["schema"]!)))
            {
                var name = (string)parameter["name"]!;
                var answer = await host.Client.GetAsync(new Uri($"{PathOf(operation)}?{QueryOf(operation, name, time)}", UriKind.Relative));

                ((int)answer.StatusCode).ShouldBeOneOf([200, 404], $"{operation.Name} {name}");
                asked++;
            }
        }

        asked.ShouldBeGreaterThan(12);
    }

    [Theory]
    [InlineData("a\\u0000b")]
    [InlineData("\\u0000")]
    [InlineData("a\\u0085b")]
    [InlineData("\\ud800")]
    [InlineData("a\\udc00")]
    public async Task Body_field_with_hostile_text_is_refused_by_name(string text)
    {
        await host.RunningAsync();
        var sent = 0;
        var operations = ApiText.Admin.Operations.Concat(ApiText.V1.Operations);
        foreach (var operation in operations.Where(operation => operation.Body is not null))
        {
            var example = operation.Body!["example"]!.AsObject();
            var properties = operation.Document.Resolve(operation.Body!["schema"]!)["properties"]!.AsObject();
            foreach (var (field, _) in properties.Where(property => TypesOf(property.Value!).Contains("string")))
            {
                var body = example.DeepClone().AsObject();
                if (body.ContainsKey("projection"))
                    body["projection"] = Projection;
                body[field] = "MARK";
                var json = body.ToJsonString().Replace("MARK", text, StringComparison.Ordinal);
                var answer = await host.Client.SendJson(new HttpMethod(operation.Method), PathOf(operation), json);

                answer.Status.ShouldBe(400, $"{operation.Name} {field}: {answer.Text}");
                FieldsOf(answer).ShouldContain(field, $"{operation.Name}: {answer.Text}");
                sent++;
            }
        }

        sent.ShouldBeGreaterThan(15);
    }

    [Theory]
    [InlineData("""{"projection":"orders.customers","key":"a\u0000b"}""", "key")]
    [InlineData("""{"projection":"orders\u0000customers"}""", "projection")]
    public async Task Requeue_with_a_control_character_is_refused(string body, string field)
    {
        await host.RunningAsync();

        var answer = await host.Client.PostJson("/admin/api/dead-letters/requeue", body);

        (answer.Status, answer.Slug).ShouldBe((400, "invalid-request"));
        FieldsOf(answer).ShouldBe([field]);
    }

    [Fact]
    public async Task Requeue_of_a_key_of_any_script_finds_nothing()
    {
        await host.RunningAsync();

        const string Body = """{"projection":"orders.customers","key":" 東京 😀\u3164 "}""";

        var answer = await host.Client.PostJson("/admin/api/dead-letters/requeue", Body);

        (answer.Status, answer.Slug).ShouldBe((404, "nothing-parked"));
    }

    // A stream of events does not end.
    private static IEnumerable<ApiOperation> Reads() =>
        ApiText.V1.Operations.Concat(ApiText.Admin.Operations)
            .Where(operation => operation.Method == "GET" && operation.MediaType != "text/event-stream");

    private static IEnumerable<string> FieldsOf(JsonAnswer answer) =>
        (answer.Json["errors"] as JsonObject ?? []).Select(error => error.Key);

    private static bool TakesTime(JsonNode schema) =>
        (string?)schema["format"] == "date-time"
            || (schema["anyOf"] as JsonArray)?.Any(form => (string?)form!["format"] == "date-time") == true;

    private static IEnumerable<JsonNode> In(ApiOperation operation, string place) =>
        operation.Parameters.Where(parameter => (string)parameter["in"]! == place);

    private static string PathOf(ApiOperation operation) => In(operation, "path").Aggregate(
        operation.Path,
        (path, parameter) => path.Replace($"{{{parameter["name"]}}}", Found(parameter["schema"]!), StringComparison.Ordinal));

    private static string Found(JsonNode schema) =>
        (string?)schema["format"] == "uuid" ? UnknownId
        : (string?)schema["type"] == "integer" ? "1"
        : Projection;

    private static string QueryOf(ApiOperation operation, string name, string value)
    {
        var required = In(operation, "query").Where(parameter => (bool?)parameter["required"] == true);
        var others = required.Select(parameter => (string)parameter["name"]!).Except([name]);
        return string.Join('&', others.Select(other => $"{other}={(other == SearchText ? "ada" : "0")}").Append($"{name}={value}"));
    }

    private static string[] TypesOf(JsonNode schema) => schema["type"] switch
    {
        JsonArray types => [.. types.Select(type => (string)type!)],
        { } type => [(string)type!],
        null => [],
    };
}
