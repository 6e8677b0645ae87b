using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>Where stores keep their files on this machine: the setting <c>Stores:Folder</c>, a folder a projection in it.</summary>
public static class StoreFolders
{
    // Unless said, beside what else a checkout keeps, seen from the working directory.
    internal static readonly Setting<string> Folder = Setting.Text(
        "Stores:Folder", ".data/stores", "a folder",
        "Where stores keep their files on this machine (DuckDB files, Lucene indexes), a folder a projection; under `--data` with `./run`. Each process needs one of its own.");

    /// <summary>The folder of a projection's store.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="projection">The projection's name.</param>
    public static string Of(IConfiguration configuration, string projection) =>
        Path.GetFullPath(Path.Combine(Folder.Of(configuration), projection));
}
