using Lucene.Net.Search.Similarities;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Scores by what the query says and by nothing else: neither how rare a word is, nor how many words there are, nor how much of the query a document has.</summary>
internal sealed class WorthOnly : DefaultSimilarity
{
    public static WorthOnly Instance { get; } = new();

    public override float Coord(int overlap, int maxOverlap) => 1;

    public override float QueryNorm(float sumOfSquaredWeights) => 1;
}
