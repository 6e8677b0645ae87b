using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>A registry of generations as it was read.</summary>
/// <param name="Content">The document, as JSON.</param>
/// <param name="Version">The version of the document. Another content has another version.</param>
public sealed record RegistryDocument(ReadOnlyMemory<byte> Content, string Version)
{
    /// <summary>Whether the document is a readable registry that lists a generation.</summary>
    public bool HasGenerations
    {
        get
        {
            try
            {
                return RegistryJson.Read(Content.Span).Generations.Count > 0;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }
}
