using System.Text.Json;
using Monolith.Modules.Search.Queries;

namespace Monolith.Modules.Search.Infrastructure.Elasticsearch;

/// <summary>A query's tree in the words of Elasticsearch. Only constants score, so that its scores are the tree's, exactly.</summary>
internal static class ElasticsearchQueries
{
    /// <summary>All words that match, however many: the usual way to rewrite keeps the best ones.</summary>
    private const string AllOfThem = "constant_score";

    public static void Write(Utf8JsonWriter json, SearchNode node)
    {
        switch (node)
        {
            case SearchNode.Word n:
                WriteWorth(json, n.Score, () => WriteLeaf(json, "term", n.Field, () => json.WriteString("value", n.Text)));
                break;
            case SearchNode.Prefix n:
                WriteWorth(json, n.Score, () => WriteLeaf(json, "prefix", n.Field, () =>
                {
                    json.WriteString("value", n.Text);
                    json.WriteString("rewrite", AllOfThem);
                }));
                break;
            case SearchNode.Typo n:
                WriteWorth(json, n.Score, () => WriteLeaf(json, "fuzzy", n.Field, () =>
                {
                    json.WriteString("value", n.Text);
                    json.WriteNumber("fuzziness", n.Most);
                    json.WriteBoolean("transpositions", true);
                    json.WriteString("rewrite", AllOfThem);
                }));
                break;
            case SearchNode.Phrase { Words: [var only] } n:
                Write(json, new SearchNode.Word(n.Field, only, n.Score));
                break;
            case SearchNode.Phrase n:
                WriteWorth(json, n.Score, () => WriteLeaf(json, "match_phrase", n.Field, () => json.WriteString("query", string.Join(' ', n.Words))));
                break;
            case SearchNode.OneOf n:
                WriteWorth(json, n.Score, () => WriteTerms(json, n.Field, n.Values));
                break;
            case SearchNode.Best n:
                WriteJoined(json, "dis_max", "queries", n.Nodes, () => json.WriteNumber("tie_breaker", 0));
                break;
            case SearchNode.All n:
                WriteJoined(json, "bool", "must", n.Nodes, () => { });
                break;
            case SearchNode.Some n:
                WriteJoined(json, "bool", "should", n.Nodes, () => json.WriteNumber("minimum_should_match", 1));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(node), node, null);
        }
    }

    /// <summary>Writes that a field is one of some terms.</summary>
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

    private static void WriteWorth(Utf8JsonWriter json, int score, Action writeFilter)
    {
        json.WriteStartObject();
        json.WriteStartObject("constant_score");
        json.WritePropertyName("filter");
        writeFilter();
        json.WriteNumber("boost", score);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLeaf(Utf8JsonWriter json, string kind, string field, Action write)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteStartObject(field);
        write();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteJoined(Utf8JsonWriter json, string kind, string nodesName, IReadOnlyList<SearchNode> nodes, Action writeRest)
    {
        json.WriteStartObject();
        // Nothing asked for matches nothing; Elasticsearch takes it for everything.
        json.WriteStartObject(nodes.Count == 0 ? "match_none" : kind);
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
