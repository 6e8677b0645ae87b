using System.Text.Json;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Infrastructure.Elasticsearch;

/// <summary>Writes queries as JSON of Elasticsearch. Only constant scores are used, so the scores equal those of the tree.</summary>
internal static class ElasticsearchQueries
{
    // The default rewrite keeps only the top terms.
    private const string AllTerms = "constant_score";

    public static void Write(Utf8JsonWriter json, SearchNode node)
    {
        switch (node)
        {
            case SearchNode.Term n:
                WriteConstantScore(json, n.Score, () => WriteLeaf(json, "term", n.Field, () => json.WriteString("value", n.Text)));
                break;
            case SearchNode.Prefix n:
                WriteConstantScore(json, n.Score, () => WriteLeaf(json, "prefix", n.Field, () =>
                {
                    json.WriteString("value", n.Text);
                    json.WriteString("rewrite", AllTerms);
                }));
                break;
            case SearchNode.Fuzzy n:
                WriteConstantScore(json, n.Score, () => WriteLeaf(json, "fuzzy", n.Field, () =>
                {
                    json.WriteString("value", n.Text);
                    json.WriteNumber("fuzziness", n.MaxEdits);
                    json.WriteBoolean("transpositions", true);
                    json.WriteString("rewrite", AllTerms);
                }));
                break;
            case SearchNode.Phrase { Words: [var only] } n:
                Write(json, new SearchNode.Term(n.Field, only, n.Score));
                break;
            case SearchNode.Phrase n:
                WriteConstantScore(json, n.Score, () =>
                    WriteLeaf(json, "match_phrase", n.Field, () => json.WriteString("query", string.Join(' ', n.Words))));
                break;
            case SearchNode.Terms n:
                WriteConstantScore(json, n.Score, () => WriteTerms(json, n.Field, n.Values));
                break;
            case SearchNode.DisMax n:
                WriteCompound(json, "dis_max", "queries", n.Nodes, () => json.WriteNumber("tie_breaker", 0));
                break;
            case SearchNode.Must n:
                WriteCompound(json, "bool", "must", n.Nodes, () => { });
                break;
            case SearchNode.Should n:
                WriteCompound(json, "bool", "should", n.Nodes, () => json.WriteNumber("minimum_should_match", 1));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(node), node, null);
        }
    }

    public static void WriteTerms(Utf8JsonWriter json, string field, IEnumerable<string> terms)
    {
        json.WriteStartObject();
        json.WriteStartObject("terms");
        json.WriteStartArray(field);
        foreach (var term in terms)
            json.WriteStringValue(term);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteConstantScore(Utf8JsonWriter json, int score, Action writeFilter)
    {
        json.WriteStartObject();
        json.WriteStartObject("constant_score");
        json.WritePropertyName("filter");
        writeFilter();
        json.WriteNumber("boost", score);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLeaf(Utf8JsonWriter json, string type, string field, Action write)
    {
        json.WriteStartObject();
        json.WriteStartObject(type);
        json.WriteStartObject(field);
        write();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCompound(
        Utf8JsonWriter json, string type, string nodesName, IReadOnlyList<SearchNode> nodes, Action writeRest)
    {
        json.WriteStartObject();
        // Elasticsearch treats an empty bool query as match_all.
        json.WriteStartObject(nodes.Count == 0 ? "match_none" : type);
        if (nodes.Count > 0)
        {
            json.WriteStartArray(nodesName);
            foreach (var node in nodes)
                Write(json, node);
            json.WriteEndArray();
            writeRest();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
