namespace Monolith.BuildingBlocks.Embedded;

/// <summary>Writes files that only their owner may read, and that are there whole or not at all.</summary>
public static class PrivateFile
{
    /// <summary>Writes or replaces the file, mode 0600.</summary>
    public static void Write(string path, string content)
    {
        var draft = $"{path}.{Environment.ProcessId}.new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var writer = new StreamWriter(draft, options))
            writer.Write(content);
        File.Move(draft, path, overwrite: true);
    }
}
