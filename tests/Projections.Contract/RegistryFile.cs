using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Simulates a full disk for the registry of a store that consists of files.</summary>
public static class RegistryFile
{
    /// <summary>The file that the registry is written to before it is renamed. A folder of this name makes the write fail.</summary>
    private const string Aside = "registry.json.new";

    private static readonly TimeSpan WrittenWithin = TimeSpan.FromSeconds(10);

    /// <summary>Makes writes fail.</summary>
    /// <returns>A part of the message of the failure.</returns>
    public static async Task<string> RefuseAsync(string folder)
    {
        await Eventually.HoldsAsync(WrittenWithin, "no write is in progress", () => TryMakeFolder(Path.Combine(folder, Aside)));
        return Aside;
    }

    /// <summary>Makes writes succeed again.</summary>
    public static void Take(string folder) => Directory.Delete(Path.Combine(folder, Aside));

    private static bool TryMakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
