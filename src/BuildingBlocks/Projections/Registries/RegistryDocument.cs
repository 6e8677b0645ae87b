namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>A registry as it was read.</summary>
/// <param name="Content">The document, as JSON.</param>
/// <param name="Version">Its version: another content has another one.</param>
public sealed record RegistryDocument(ReadOnlyMemory<byte> Content, string Version);
