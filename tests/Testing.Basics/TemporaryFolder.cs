namespace Monolith.Testing;

/// <summary>A folder with a space in its name, deleted after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("monolith test ").FullName;
        // As root, PostgreSQL runs as another user, which cannot read a folder with the default mode.
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute);
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Returns a path below the folder.</summary>
    /// <param name="name">The name below the folder.</param>
    public string Below(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
