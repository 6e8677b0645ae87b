using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>How much of the recent past is kept in memory for listeners.</summary>
internal sealed record LiveSettings
{
    private const int DefaultEvents = 8_192;
    private const int MinEvents = 16;
    private const int MaxEvents = 1_000_000;

    public static readonly Setting<int> Buffer = Setting.WholeNumber(
        "Stream:BufferEvents", DefaultEvents, MinEvents, MaxEvents,
        "How many events a host keeps in memory for the clients of the stream. A client that is further behind is dropped, "
        + "and gets the rest when it reconnects.");

    /// <summary>A listener that is further behind than this many events is dropped.</summary>
    public int BufferEvents { get; init; } = DefaultEvents;

    public long BufferBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many histories are read at the same time, since all clients reconnect at once after a restart.</summary>
    public int ConcurrentHistories { get; init; } = 4;

    /// <summary>How long the logs are followed after the last listener has left.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(30);

    public static LiveSettings Of(IConfiguration configuration) => new() { BufferEvents = Buffer.Of(configuration) };
}
