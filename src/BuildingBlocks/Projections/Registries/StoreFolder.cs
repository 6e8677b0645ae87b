using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>The folder of one projection's store on this machine, claimed by one process for as long as it runs, however it ends.</summary>
public sealed partial class StoreFolder : IDisposable
{
    private const int InstanceBytes = 4;

    // EWOULDBLOCK: somebody holds the lock.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream claim;

    private StoreFolder(string path, FileStream claim)
    {
        Path = path;
        this.claim = claim;
        Instance = InstanceOf(File("instance"));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>A short name of this copy of the store, which stays the same for as long as the folder is there.</summary>
    public string Instance { get; }

    /// <summary>Claims a folder; makes it where it is missing.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="StoreFolderClaimedException">Another process has it.</exception>
    public static StoreFolder Claim(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(path);
        FileStream claim;
        try
        {
            // The runtime locks the file for as long as this process lives; children do not inherit it.
            claim = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is LinuxWouldBlock or MacWouldBlock)
        {
            throw new StoreFolderClaimedException(path);
        }

        try
        {
            return new StoreFolder(path, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>A file or folder in it.</summary>
    /// <param name="name">Its name.</param>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc />
    public void Dispose() => claim.Dispose();

    private static string InstanceOf(string file)
    {
        if (System.IO.File.Exists(file) && System.IO.File.ReadAllText(file).Trim() is var known && Name().IsMatch(known))
            return known;
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(InstanceBytes));
        DurableFile.Write(file, System.Text.Encoding.ASCII.GetBytes(made));
        return made;
    }

    [GeneratedRegex("^[0-9a-f]{8}\\z")]
    private static partial Regex Name();
}
