using System.Globalization;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>How connections of server-sent events are kept.</summary>
/// <param name="configuration">The host's configuration.</param>
/// <exception cref="InvalidSettingException">A setting means nothing.</exception>
internal sealed class SseSettings(IConfiguration configuration)
{
    private const double LongestHeartbeatSeconds = 600;

    /// <summary>The setting of <see cref="Heartbeat"/>.</summary>
    public static readonly Setting<TimeSpan> HeartbeatSeconds = new(
        "Stream:HeartbeatSeconds", TimeSpan.FromSeconds(15), "15", $"a number above 0, at most {LongestHeartbeatSeconds}",
        "A stream on which nothing else was sent for so long gets a comment. Shorter than what a proxy in between waits for.", ReadSeconds);

    /// <summary>A connection on which nothing else was sent for so long gets a comment. Shorter than what proxies wait for.</summary>
    public TimeSpan Heartbeat { get; } = HeartbeatSeconds.Of(configuration);

    private static bool ReadSeconds(string text, out TimeSpan heartbeat)
    {
        var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestHeartbeatSeconds;
        heartbeat = isNumber ? TimeSpan.FromSeconds(seconds) : default;
        return isNumber;
    }
}
