using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>The errors of a store that is not available or not built yet.</summary>
internal static class StorageErrors
{
    public static Error Unavailable { get; } = new(
        ErrorKind.Unavailable,
        "storage-unavailable",
        "Storage unavailable",
        "The database cannot be reached at the moment. Read again to find out whether a change was stored.");

    public static Error Building { get; } = new(
        ErrorKind.Unavailable,
        "read-model-building",
        "The read model is being built",
        "This read model is being built. It can be read as soon as it is complete.");
}
