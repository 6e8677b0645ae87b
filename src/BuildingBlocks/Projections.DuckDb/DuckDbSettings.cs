using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>What DuckDB may take of the machine, for all projections of a process together.</summary>
internal sealed partial class DuckDbSettings
{
    private const string MemoryKey = "Stores:DuckDb:Memory";
    private const string ThreadsKey = "Stores:DuckDb:Threads";
    private const string UsualMemory = "256MB";
    private const int MostThreadsUnlessSaid = 4;

    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">A setting means nothing.</exception>
    public DuckDbSettings(IConfiguration configuration)
    {
        SpillFolder = StoreFolders.Of(configuration, "duckdb.spill");
        Memory = configuration[MemoryKey] is { Length: > 0 } memory ? memory : UsualMemory;
        if (!Size().IsMatch(Memory))
            throw new InvalidSettingException($"The setting Stores__DuckDb__Memory is '{Memory}'; it must be a size like 256MB or 2GB.");
        var threads = configuration[ThreadsKey];
        Threads = string.IsNullOrEmpty(threads) ? Math.Min(Environment.ProcessorCount, MostThreadsUnlessSaid)
            : int.TryParse(threads, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
            : throw new InvalidSettingException($"The setting Stores__DuckDb__Threads is '{threads}'; it must be a whole number from 1 on.");
    }

    /// <summary>The most memory; what needs more spills to the disk.</summary>
    public string Memory { get; }

    /// <summary>Where it spills to.</summary>
    public string SpillFolder { get; }

    /// <summary>How many threads work on one query.</summary>
    public int Threads { get; }

    [GeneratedRegex("^[1-9][0-9]{0,5}(MB|GB)$")]
    private static partial Regex Size();
}
