namespace Monolith.Testing;

/// <summary>A folder with a space in its name, gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes it.</summary>
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("monolith test ").FullName;
        // What mktemp makes is closed to the user that runs PostgreSQL for root.
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>A path below it.</summary>
    /// <param name="name">The name below the folder.</param>
    public string Below(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
