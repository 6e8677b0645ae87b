namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>Another process has the folder of a store.</summary>
/// <param name="path">The folder.</param>
public sealed class StoreFolderClaimedException(string path) : Exception(
    $"{path} is in use by another running process, and such a store belongs to one process alone: stop that one, or give each a folder of its own (Stores__Folder).");
