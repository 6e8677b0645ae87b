using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>The registry of a store that is files, as a disk that takes nothing more has it.</summary>
public static class RegistryFile
{
    /// <summary>The registry is written here first: where something else is in the way, it cannot be written.</summary>
    private const string Aside = "registry.json.new";

    private static readonly TimeSpan WrittenWithin = TimeSpan.FromSeconds(10);

    /// <summary>Lets nobody write it.</summary>
    /// <returns>What the failure of an attempt says.</returns>
    public static async Task<string> RefuseAsync(string folder)
    {
        await Eventually.HoldsAsync(WrittenWithin, "nothing is being written there", () => TryMakeFolder(Path.Combine(folder, Aside)));
        return Aside;
    }

    /// <summary>Lets it be written again.</summary>
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
