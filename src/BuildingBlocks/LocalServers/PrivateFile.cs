namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>Writes files atomically that only their owner can read.</summary>
public static class PrivateFile
{
    /// <summary>Writes or replaces the file, with mode 0600.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    public static void Write(string path, string content)
    {
        var draft = $"{path}.{Environment.ProcessId}.new";
        File.Delete(draft);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(draft, options))
            writer.Write(content);
        File.Move(draft, path, overwrite: true);
    }
}
