using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>The folder of one projection's store on this machine, claimed by one process. The claim ends with the process.</summary>
public sealed partial class StoreFolder : IDisposable
{
    private const int InstanceBytes = 4;

    // EWOULDBLOCK: another process holds the lock.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream claim;

    private StoreFolder(string path, FileStream claim)
    {
        Path = path;
        this.claim = claim;
        Instance = InstanceOf(File("instance"));
    }

    /// <summary>The full path of the folder.</summary>
    public string Path { get; }

    /// <summary>A short name of this copy of the store. It stays the same as long as the folder exists.</summary>
    public string Instance { get; }

    /// <summary>Claims a folder; creates it if it is missing.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="StoreFolderClaimedException">Another process has claimed it.</exception>
    public static StoreFolder Claim(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(path);
        FileStream claim;
        try
        {
            // The runtime locks the file as long as this process lives; child processes do not inherit the lock.
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

    /// <summary>The path of a file in the folder.</summary>
    /// <param name="name">The file's name.</param>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc />
    public void Dispose() => claim.Dispose();

    private static string InstanceOf(string file)
    {
        if (System.IO.File.Exists(file) && System.IO.File.ReadAllText(file).Trim() is var known && Name().IsMatch(known))
            return known;
        var instance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(InstanceBytes));
        DurableFile.Write(file, System.Text.Encoding.ASCII.GetBytes(instance));
        return instance;
    }

    [GeneratedRegex("^[0-9a-f]{8}\\z")]
    private static partial Regex Name();
}

/// <summary>The folders of stores on this machine: one for each projection, in the folder of the setting <c>Stores:Folder</c>.</summary>
public static class StoreFolders
{
    internal static readonly Setting<string> Folder = Setting.Text(
        "Stores:Folder", ".data/stores", "a folder",
        "Where stores keep their files on this machine (DuckDB files, Lucene indexes), a folder a projection; under `--data` with `./run`. "
        + "Each process needs one of its own.");

    /// <summary>The folder of a projection's store.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="projection">The projection's name.</param>
    public static string Of(IConfiguration configuration, string projection) =>
        Path.GetFullPath(Path.Combine(Folder.Of(configuration), projection));
}

/// <summary>Another process has claimed the folder of a store.</summary>
/// <param name="path">The folder.</param>
public sealed class StoreFolderClaimedException(string path) : Exception(
    $"{path} is in use by another running process, and such a store belongs to one process alone: "
    + "stop that one, or give each a folder of its own (Stores__Folder).");
