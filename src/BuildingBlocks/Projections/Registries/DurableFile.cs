namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>Files that a crash at any moment leaves as they were, or as they were to be.</summary>
internal static class DurableFile
{
    /// <summary>Replaces a file: written aside, flushed to the disk, renamed.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var aside = $"{path}.new";
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
    }
}
