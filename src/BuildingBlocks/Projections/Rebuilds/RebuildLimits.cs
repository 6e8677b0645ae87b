namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>How much a rebuild folds in memory before it writes its rows.</summary>
/// <param name="MaxRows">The maximum number of rows and dead letters.</param>
/// <param name="MaxBytes">The maximum growth of the heap, garbage included.</param>
public sealed record RebuildLimits(int MaxRows, long MaxBytes)
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>Keeps a host with one rebuild below 512 MB.</summary>
    public static RebuildLimits Default { get; } = new(MaxRows: 1_000_000, MaxBytes: 80L * Megabyte);
}
