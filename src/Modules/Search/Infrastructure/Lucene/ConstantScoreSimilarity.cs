using Lucene.Net.Search.Similarities;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Leaves the constant scores of a query unchanged: no coordination factor and no query norm.</summary>
internal sealed class ConstantScoreSimilarity : DefaultSimilarity
{
    public static ConstantScoreSimilarity Instance { get; } = new();

    public override float Coord(int overlap, int maxOverlap) => 1;

    public override float QueryNorm(float sumOfSquaredWeights) => 1;
}
