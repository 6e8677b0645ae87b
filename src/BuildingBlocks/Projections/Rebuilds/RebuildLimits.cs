namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>How much a rebuild folds in memory before it writes.</summary>
/// <param name="MostRows">Rows and dead letters.</param>
/// <param name="MostBytes">Growth of the heap, garbage included.</param>
public sealed record RebuildLimits(int MostRows, long MostBytes)
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>Keeps a host with a rebuild below 512 MB.</summary>
    public static RebuildLimits Default { get; } = new(MostRows: 1_000_000, MostBytes: 80L * Megabyte);
}
