namespace Monolith.BuildingBlocks.Tests.Embedded;

/// <summary>A folder with a space in its name, gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("monolith test ").FullName;
        // What mktemp makes is closed to the user that runs PostgreSQL for root.
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
