using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>The problems of a store that is away or not built yet.</summary>
internal static class StorageErrors
{
    public static Error Unavailable { get; } = new(
        ErrorKind.Unavailable,
        "storage-unavailable",
        "Storage unavailable",
        "The database cannot be reached for the moment. Whether a change was stored is only certain after reading again.");

    public static Error Building { get; } = new(
        ErrorKind.Unavailable,
        "read-model-building",
        "The read model is being built",
        "This read model is being built, for the first time or anew; it answers as soon as it is complete.");
}
