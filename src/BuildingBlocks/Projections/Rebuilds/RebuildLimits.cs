namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>How much a build may fold in memory before it writes what it has.</summary>
/// <param name="MostRows">Rows and parked events.</param>
/// <param name="MostBytes">Growth of the heap, garbage included.</param>
internal sealed record RebuildLimits(int MostRows, long MostBytes)
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>Leaves a host with a build below 512 MB.</summary>
    public static RebuildLimits Default { get; } = new(MostRows: 1_000_000, MostBytes: 80L * Megabyte);
}
