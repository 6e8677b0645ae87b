using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// The registry as one document, stored where the rows are. It is read and written as a whole, by compare-and-swap on its version. All
/// members may be called concurrently.
/// </summary>
public interface IRegistryDocument
{
    /// <summary>Reads the document.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The document; null if it does not exist.</returns>
    Task<RegistryDocument?> ReadAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes the document if its version is still the expected one. It is durable once this returns. A crash before that leaves either the
    /// old or the new document.
    /// </summary>
    /// <param name="content">The document, as JSON.</param>
    /// <param name="expected">The version that was read; null if the document did not exist.</param>
    /// <param name="cancellation">Cancels the operation; the outcome is then unknown.</param>
    /// <returns>The new version; null if the document has another version than expected, and nothing was written.</returns>
    Task<string?> WriteAsync(ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellation);
}

/// <summary>A registry document as it was read.</summary>
/// <param name="Content">The document, as JSON.</param>
/// <param name="Version">The version of the document; it differs for different contents.</param>
public sealed record RegistryDocument(ReadOnlyMemory<byte> Content, string Version)
{
    /// <summary>Whether the document is readable and lists a generation.</summary>
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
