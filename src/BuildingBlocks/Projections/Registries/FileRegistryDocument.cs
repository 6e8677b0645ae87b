namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// The registry as a JSON file in a claimed folder. Only the process that has claimed the folder writes it, so that the file is read once.
/// </summary>
public sealed class FileRegistryDocument : IRegistryDocument
{
    private const string FileName = "registry.json";

    private readonly Func<StoreFolder> folder;
    private readonly Lock gate = new();
    private RegistryDocument? current;
    private long version;
    private bool loaded;

    /// <summary>Creates the document; it reads nothing yet.</summary>
    /// <param name="folder">Returns the claimed folder; called when the document is first read.</param>
    public FileRegistryDocument(Func<StoreFolder> folder) => this.folder = folder;

    /// <inheritdoc />
    public Task<RegistryDocument?> ReadAsync(CancellationToken cancellation)
    {
        lock (gate)
            return Task.FromResult(Load());
    }

    /// <inheritdoc />
    public Task<string?> WriteAsync(ReadOnlyMemory<byte> content, string? expected, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (Load()?.Version != expected)
                return Task.FromResult<string?>(null);
            DurableFile.Write(folder().File(FileName), content.Span);
            current = new RegistryDocument(content, NextVersion());
            return Task.FromResult<string?>(current.Version);
        }
    }

    private RegistryDocument? Load()
    {
        if (loaded)
            return current;
        var file = folder().File(FileName);
        if (File.Exists(file))
            current = new RegistryDocument(File.ReadAllBytes(file), NextVersion());
        loaded = true;
        return current;
    }

    private string NextVersion() => (++version).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
