using Microsoft.Extensions.Configuration;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>Where stores keep their files on this machine: the setting <c>Stores:Folder</c>, a folder a projection in it.</summary>
public static class StoreFolders
{
    private const string FolderKey = "Stores:Folder";

    /// <summary>Where there is no setting: beside what else a checkout keeps, seen from the working directory.</summary>
    private static readonly string Usual = Path.Combine(".data", "stores");

    /// <summary>The folder of a projection's store.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="projection">The projection's name.</param>
    public static string Of(IConfiguration configuration, string projection) =>
        Path.GetFullPath(Path.Combine(configuration[FolderKey] is { Length: > 0 } folder ? folder : Usual, projection));
}
