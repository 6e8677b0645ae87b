using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>The one document that a registry is, kept where the store keeps its rows. It is read whole, and written whole by whoever has read its newest version.</summary>
public interface IRegistryDocument
{
    /// <summary>The document as it is now.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The document; null where there is none yet.</returns>
    Task<RegistryDocument?> ReadAsync(CancellationToken cancellation);

    /// <summary>Writes the document, where nobody else has since it was read. It survives a crash once this returns; a crash before that leaves the old one or the new one.</summary>
    /// <param name="content">The document, as JSON.</param>
    /// <param name="expected">The version that was read; null where there was none.</param>
    /// <param name="cancellation">Gives up; the outcome is then unknown.</param>
    /// <returns>The version that it has from now on; null where somebody else was faster, and nothing was written.</returns>
    Task<string?> WriteAsync(ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellation);
}

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
