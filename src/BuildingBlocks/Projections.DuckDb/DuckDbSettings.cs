using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Resource limits of DuckDB, for all projections of a process together.</summary>
/// <param name="configuration">The host's configuration.</param>
/// <exception cref="InvalidSettingException">A setting is invalid.</exception>
internal sealed partial class DuckDbSettings(IConfiguration configuration)
{
    private const int DefaultMaxThreads = 4;
    private const int MaxThreads = 1024;

    /// <summary>The setting of <see cref="Memory"/>.</summary>
    public static readonly Setting<string> MaxMemory = Setting.Text(
        "Stores:DuckDb:Memory", "256MB", "a size like 256MB or 2GB",
        "The most memory that DuckDB takes, for all its stores of a process together; what needs more spills to the disk, into the folder "
        + "of the stores.",
        text => Size().IsMatch(text));

    /// <summary>The setting of <see cref="Threads"/>.</summary>
    public static readonly Setting<int> QueryThreads = Setting.WholeNumber(
        "Stores:DuckDb:Threads",
        Math.Min(Environment.ProcessorCount, DefaultMaxThreads),
        1,
        MaxThreads,
        "How many threads work on one of its queries.",
        defaultText: $"the processors, at most {DefaultMaxThreads}");

    /// <summary>The memory limit; queries that need more spill to the disk.</summary>
    public string Memory { get; } = MaxMemory.Of(configuration);

    /// <summary>The folder for spilled data.</summary>
    public string SpillFolder { get; } = StoreFolders.Of(configuration, "duckdb.spill");

    /// <summary>The number of threads per query.</summary>
    public int Threads { get; } = QueryThreads.Of(configuration);

    [GeneratedRegex("^[1-9][0-9]{0,5}(MB|GB)$")]
    private static partial Regex Size();
}
