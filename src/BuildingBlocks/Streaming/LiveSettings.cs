using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Streaming;

/// <summary>How much of the recent past is kept in memory for those who listen.</summary>
internal sealed record LiveSettings
{
    private const int UsualEvents = 8_192;
    private const int FewestEvents = 16;
    private const int MostEvents = 1_000_000;

    /// <summary>The setting of <see cref="BufferEvents"/>.</summary>
    public static readonly Setting<int> Buffer = Setting.WholeNumber(
        "Stream:BufferEvents", UsualEvents, FewestEvents, MostEvents,
        "How many events a host keeps in memory for those who listen; a client that is further behind is dropped, and comes back for the rest.");

    /// <summary>How many events are kept at most: by so many may a listener be behind before it is dropped.</summary>
    public int BufferEvents { get; init; } = UsualEvents;

    /// <summary>How many bytes of data are kept at most, whatever their number.</summary>
    public long BufferBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many histories are read at a time: after a restart everybody comes back at once.</summary>
    public int Histories { get; init; } = 4;

    /// <summary>The logs are followed so long after the last listener has left.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The settings of the host.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">A setting means nothing.</exception>
    public static LiveSettings Of(IConfiguration configuration) => new() { BufferEvents = Buffer.Of(configuration) };
}
