using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Errors of reads from a snapshot.</summary>
public static class SnapshotErrors
{
    /// <summary>The projection has no snapshot of that name.</summary>
    /// <param name="projection">The projection's name.</param>
    /// <param name="snapshot">The name of the snapshot.</param>
    public static Error Unknown(string projection, string snapshot) => new(
        ErrorKind.NotFound,
        "snapshot-unknown",
        "No such snapshot",
        $"{projection} has no snapshot '{snapshot}'; projections show {projection} lists those there are.");
}
