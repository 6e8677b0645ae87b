using System.Globalization;
using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>Creates queries as JSON.</summary>
internal static class QueryJson
{
    public static string Term(string field, string value) => Of("term", field, JsonSerializer.Serialize(value));

    public static string Term(string field, long value) => Of("term", field, Text(value));

    public static string Terms(string field, IEnumerable<int> values) =>
        Of("terms", field, $"[{string.Join(',', values.Select(value => Text(value)))}]");

    public static string AtLeast(string field, long value) => Of("range", field, $"{{\"gte\":{Text(value)}}}");

    public static string Above(string field, long value) => Of("range", field, $"{{\"gt\":{Text(value)}}}");

    public static string Exists(string field) => Of("exists", "field", JsonSerializer.Serialize(field));

    public static string Not(string query) => Of("bool", "must_not", query);

    public static string All(params IEnumerable<string> queries) => Of("bool", "filter", $"[{string.Join(',', queries)}]");

    private static string Of(string type, string name, string value) => $"{{\"{type}\":{{\"{name}\":{value}}}}}";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
