using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>What DuckDB may take of the machine, for all projections of a process together.</summary>
/// <param name="configuration">The host's configuration.</param>
/// <exception cref="InvalidSettingException">A setting means nothing.</exception>
internal sealed partial class DuckDbSettings(IConfiguration configuration)
{
    private const int MostThreadsUnlessSaid = 4;
    private const int MostThreads = 1024;

    /// <summary>The setting of <see cref="Memory"/>.</summary>
    public static readonly Setting<string> MostMemory = Setting.Text(
        "Stores:DuckDb:Memory", "256MB", "a size like 256MB or 2GB",
        "The most memory that DuckDB takes, for all its stores of a process together; what needs more spills to the disk, into the folder of the stores.", text => Size().IsMatch(text));

    /// <summary>The setting of <see cref="Threads"/>.</summary>
    public static readonly Setting<int> QueryThreads = Setting.WholeNumber(
        "Stores:DuckDb:Threads", Math.Min(Environment.ProcessorCount, MostThreadsUnlessSaid), 1, MostThreads, "How many threads work on one of its queries.",
        defaultText: $"the processors, at most {MostThreadsUnlessSaid}");

    /// <summary>The most memory; what needs more spills to the disk.</summary>
    public string Memory { get; } = MostMemory.Of(configuration);

    /// <summary>Where it spills to.</summary>
    public string SpillFolder { get; } = StoreFolders.Of(configuration, "duckdb.spill");

    /// <summary>How many threads work on one query.</summary>
    public int Threads { get; } = QueryThreads.Of(configuration);

    [GeneratedRegex("^[1-9][0-9]{0,5}(MB|GB)$")]
    private static partial Regex Size();
}
