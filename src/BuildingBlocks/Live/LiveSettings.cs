using System.Globalization;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Live;

/// <summary>How much of the recent past is kept in memory for those who listen.</summary>
internal sealed record LiveSettings
{
    private const string BufferKey = "Stream:BufferEvents";
    private const int FewestEvents = 16;
    private const int MostEvents = 1_000_000;

    /// <summary>How many events are kept at most: by so many may a listener be behind before it is dropped.</summary>
    public int BufferEvents { get; init; } = 8_192;

    /// <summary>How many bytes of data are kept at most, whatever their number.</summary>
    public long BufferBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many histories are read at a time: after a restart everybody comes back at once.</summary>
    public int Histories { get; init; } = 4;

    /// <summary>The logs are followed so long after the last listener has left.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The settings of the host.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">A setting means nothing.</exception>
    public static LiveSettings Of(IConfiguration configuration)
    {
        var text = configuration[BufferKey];
        if (string.IsNullOrEmpty(text))
            return new LiveSettings();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var events) && events is >= FewestEvents and <= MostEvents
            ? new LiveSettings { BufferEvents = events }
            : throw new InvalidSettingException($"The setting Stream__BufferEvents is '{text}'; it must be a whole number from {FewestEvents} to {MostEvents}.");
    }
}
