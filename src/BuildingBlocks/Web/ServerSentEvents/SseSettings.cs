using System.Globalization;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>How connections of server-sent events are kept.</summary>
internal sealed class SseSettings
{
    private const string HeartbeatKey = "Stream:HeartbeatSeconds";
    private const double DefaultHeartbeatSeconds = 15;
    private const double LongestHeartbeatSeconds = 600;

    /// <exception cref="InvalidSettingException">A setting means nothing.</exception>
    public SseSettings(IConfiguration configuration)
    {
        var text = configuration[HeartbeatKey];
        if (string.IsNullOrEmpty(text))
            return;
        Heartbeat = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestHeartbeatSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidSettingException($"The setting Stream__HeartbeatSeconds is '{text}'; it must be a number above 0, at most {LongestHeartbeatSeconds}.");
    }

    /// <summary>A connection on which nothing else was sent for so long gets a comment. Shorter than what proxies wait for.</summary>
    public TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(DefaultHeartbeatSeconds);
}
