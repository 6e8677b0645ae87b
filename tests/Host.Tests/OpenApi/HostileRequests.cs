using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>
/// Generates requests from a document: valid ones, ones with an invalid parameter or header, and ones with a mutated body.
/// </summary>
internal sealed class HostileRequests
{
    // An operation that the other requests do not depend on.
    private const string Projection = "analytics.customers";

    private const int TooDeep = 200;
    private const int LongText = 20_000;
    private const int MebiByte = 1024 * 1024;

    private static readonly string[] Garbage =
    [
        "", "%00", "a%00b", "%FF", "%C0%80", "%ED%A0%80", "%F0%9F%98%80", "-1", "0", "1.5", "1e9", "99999999999999999999", "null", "true",
        "NaN", "%22%22", "'--", "%3Cscript%3E", "*", "..", "%2E%2E%2F", "%25", "%",
        "0198a8a0-0000-7000-8000-00000000000", "{0198a8a0-0000-7000-8000-000000000001}", "2026-13-45", "2026-01-31T25:00:00Z",
        "9999-12-31T23:59:59.9999999-14:00", "%0D%0AX-Evil:%201", "a%20b", "%E2%80%8B",
    ];

    private static readonly string[] ContentTypes =
    [
        "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=latin1",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/vnd.api+json", "json",
        "application/", "*/*", "application/json;;;", "application/json; charset=\"utf-8\"", "APPLICATION/JSON",
    ];

    private static readonly string[] Encodings =
    [
        "gzip", "br", "deflate", "GZIP", "x-gzip", "identity", "gzip, br", "zstd", "compress", "", ",", "gzip;q=1", "*", "ü",
        "gzip, gzip, gzip, gzip, gzip",
    ];

    // Replacements for the value of a property.
    private static readonly string[] Values =
    [
        "null", "true", "[]", "{}", "-1", "0", "1.5", "1e400", "-1e400", "99999999999999999999999999999999",
        "0.000000000000000000000000000000000001", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "\"\\u202e\"", "\"\\u200b\"", "\"a\\nb\"", "[[[[]]]]", "{\"a\":{\"b\":{}}}", "\"\\ud83d\\ude00\"", "NaN", "Infinity", "01", "+1",
        "'a'", "\"\\x\"", "undefined",
    ];

    private readonly Random random;
    private readonly ValidValues values;
    private readonly IReadOnlyList<string> tokens;
    private readonly IReadOnlyList<ApiOperation> operations;

    /// <param name="document">The document.</param>
    /// <param name="random">The source of randomness.</param>
    /// <param name="ids">Ids of existing resources.</param>
    /// <param name="tokens">Consistency tokens from responses to commands.</param>
    public HostileRequests(ApiText document, Random random, IReadOnlyList<string> ids, IReadOnlyList<string> tokens)
    {
        this.random = random;
        this.tokens = tokens;
        values = new ValidValues(document, random, ids);
        operations = document.Operations;
    }

    public HostileRequest Next()
    {
        var valid = Valid(values.Pick(operations));
        if (valid.Method == HttpMethods.Get && random.Next(5) == 0)
            valid = valid with { Method = HttpMethods.Head };
        return random.Next(12) switch
        {
            < 3 => valid,
            3 => WithBadQuery(valid),
            10 => WithRepeatedParameter(valid),
            11 => WithEncoding(valid),
            4 => WithBadPath(valid),
            5 => WithBadHeader(valid),
            _ => valid.Body is null ? WithBadQuery(valid) : WithBadBody(valid),
        };
    }

    private HostileRequest Valid(ApiOperation operation)
    {
        var path = In(operation, "path")
            .Aggregate(
                operation.Path, (at, parameter) => at.Replace($"{{{parameter["name"]}}}", Escaped(parameter), StringComparison.Ordinal));
        var query = string.Join(
            '&',
            In(operation, "query")
                .Where(parameter => IsRequired(parameter) || random.Next(3) == 0)
                .Select(parameter => $"{parameter["name"]}={Escaped(parameter)}"));
        return new HostileRequest(operation, query.Length == 0 ? path : $"{path}?{query}")
        {
            Body = operation.Body is { } body
                ? Encoding.UTF8.GetBytes((values.Of(body["schema"]!) ?? new JsonObject()).ToJsonString())
                : null,
            Headers =
            [
                .. In(operation, "header")
                .Where(_ => random.Next(4) == 0)
                .Select(parameter => ((string)parameter["name"]!, HeaderOf(parameter)))
            ],
        };
    }

    private HostileRequest WithBadQuery(HostileRequest request)
    {
        var names = In(request.Operation, "query").Select(parameter => (string)parameter["name"]!).Append("unknown-parameter").ToArray();
        var name = values.Pick(names);
        var value = random.Next(10) == 0 ? new string('a', LongText) : values.Pick(Garbage);
        return request with { Path = $"{request.Path.Split('?')[0]}?{name}={value}" };
    }

    private HostileRequest WithRepeatedParameter(HostileRequest request)
    {
        var query = request.Path.Split('?').ElementAtOrDefault(1) ?? "unknown-parameter=1";
        var name = values.Pick(query.Split('&')).Split('=')[0];
        var again = random.Next(2) == 0 ? name : name.ToUpperInvariant();
        return request with { Path = $"{request.Path.Split('?')[0]}?{query}&{again}={values.Pick(Garbage)}", IsRefused = true };
    }

    /// <summary>A body with a media type that may not match it.</summary>
    private HostileRequest WithEncoding(HostileRequest request)
    {
        if (request.Body is not { } body)
            return WithBadHeader(request);
        using var encoded = new MemoryStream();
        using (Stream encoder = random.Next(3) switch
        {
            0 => new GZipStream(encoded, CompressionLevel.Fastest),
            1 => new BrotliStream(encoded, CompressionLevel.Fastest),
            _ => new ZLibStream(encoded, CompressionLevel.Fastest),
        })
            encoder.Write(body);
        var bytes = encoded.ToArray();
        return request with
        {
            Body = random.Next(4) switch { 0 => body, 1 => bytes[..random.Next(bytes.Length)], _ => bytes },
            Headers = [.. request.Headers, ("Content-Encoding", values.Pick(Encodings))],
        };
    }

    private HostileRequest WithBadPath(HostileRequest request)
    {
        var parameters = In(request.Operation, "path").ToArray();
        var bad = random.Next(10) == 0 ? new string('a', LongText) : values.Pick(Garbage);
        if (parameters.Length == 0)
            return request with { Path = $"{request.Path.Split('?')[0]}/{bad}", IsLost = true };
        var which = random.Next(parameters.Length);
        var path = request.Operation.Path;
        for (var i = 0; i < parameters.Length; i++)
            path = path.Replace($"{{{parameters[i]["name"]}}}", i == which ? bad : Escaped(parameters[i]), StringComparison.Ordinal);
        return request with { Path = path, IsLost = true };
    }

    private HostileRequest WithBadHeader(HostileRequest request)
    {
        string[] names =
        [
            .. In(request.Operation, "header").Select(parameter => (string)parameter["name"]!), "X-Unknown", "Accept", "Accept-Encoding",
            "Content-Encoding", "Origin", "X-Actor", "Idempotency-Key", "Last-Event-ID", "baggage", "tracestate",
        ];
        var isLatin1 = random.Next(3) == 0;
        var value = random.Next(9) switch
        {
            0 => new string('x', LongText),
            1 => "\"1\", \"2\"",
            2 => "W/\"1\"",
            3 => "\"-1\"",
            4 => "\"99999999999999999999\"",
            5 => "a\tb",
            6 => isLatin1 ? "äÿ\u0080 é" : "…ä😀",
            7 => "https://example.org",
            _ => "",
        };
        if (request.Body is not null && random.Next(2) == 0)
            return request with
            {
                ContentType = random.Next(ContentTypes.Length + 1) is var which && which < ContentTypes.Length ? ContentTypes[which] : null,
            };
        return request with
        {
            IsLatin1 = isLatin1,
            Headers = [(values.Pick(names), value), .. random.Next(5) == 0 ? [("X-Actor", "twice")] : Array.Empty<(string, string)>()],
        };
    }

    private HostileRequest WithBadBody(HostileRequest request)
    {
        var text = Encoding.UTF8.GetString(request.Body!);
        var at = random.Next(text.Length + 1);
        return random.Next(16) switch
        {
            0 => request with { Body = [] },
            1 => request with { Body = Encoding.UTF8.GetBytes(text[..at]) },
            2 => request with { Body = Encoding.Unicode.GetBytes(text) },
            3 => request with { Body = [0xEF, 0xBB, 0xBF, .. request.Body!] },
            4 =>
                request with
                {
                    Body = [.. Encoding.UTF8.GetBytes(text[..at]), (byte)random.Next(256), .. Encoding.UTF8.GetBytes(text[at..])],
                },
            5 => request with { Body = Encoding.UTF8.GetBytes(new string('[', TooDeep) + new string(']', TooDeep)) },
            6 =>
                request with
                {
                    Body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", TooDeep)) + "1" + new string('}', TooDeep)),
                },
            7 =>
                request with
                {
                    Body = Encoding.UTF8.GetBytes(text.Replace("{", "{\"reason\":\"a\",\"reason\":\"b\",", StringComparison.Ordinal)),
                },
            8 => request with { Body = Encoding.UTF8.GetBytes(text + text) },
            9 when random.Next(10) == 0 =>
                request with { Body = Encoding.UTF8.GetBytes($"{{\"reason\":\"{new string('a', MebiByte)}\"}}"), IsTooLarge = true },
            _ => request with { Body = Encoding.UTF8.GetBytes(WithBadValue(request)) },
        };
    }

    /// <summary>The body with another value for one of its properties.</summary>
    private string WithBadValue(HostileRequest request)
    {
        const string Mark = "\u0001";
        var body = JsonNode.Parse(request.Body!)!.AsObject();
        var owner = body;
        while (owner.Count > 0)
        {
            var (name, value) = values.Pick([.. owner]);
            var inner = value as JsonObject ?? (value as JsonArray)?.OfType<JsonObject>().FirstOrDefault();
            if (inner is null || random.Next(2) == 0)
            {
                owner[name] = Mark;
                break;
            }

            owner = inner;
        }

        var bad = random.Next(10) == 0 ? $"\"{new string('a', LongText)}\"" : values.Pick(Values);
        return body.ToJsonString().Replace("\"\\u0001\"", bad, StringComparison.Ordinal);
    }

    private string Escaped(JsonNode parameter) =>
        (string)parameter["name"]! == "name" && random.Next(2) == 0
            ? Projection
            : Uri.EscapeDataString(values.TextOf(parameter["schema"]!));

    // The schema does not cover its checksum.
    private string HeaderOf(JsonNode parameter) =>
        (string)parameter["name"]! == "Consistency-Token" && random.Next(4) > 0 ? values.Pick(tokens) : values.TextOf(parameter["schema"]!);

    private static IEnumerable<JsonNode> In(ApiOperation operation, string place) =>
        operation.Parameters.Where(parameter => (string)parameter["in"]! == place);

    private static bool IsRequired(JsonNode parameter) => (bool?)parameter["required"] == true;
}
