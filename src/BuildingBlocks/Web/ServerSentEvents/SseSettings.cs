using System.Globalization;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Web.ServerSentEvents;

/// <summary>The settings of server-sent events.</summary>
internal sealed class SseSettings(IConfiguration configuration)
{
    private const double MaxHeartbeatSeconds = 600;

    public static readonly Setting<TimeSpan> HeartbeatSeconds = new(
        "Stream:HeartbeatSeconds", TimeSpan.FromSeconds(15), "15", $"a number above 0, at most {MaxHeartbeatSeconds}",
        "A stream gets a comment when nothing was sent for this long. It must be shorter than the idle timeout of proxies.", TryRead);

    public TimeSpan Heartbeat { get; } = HeartbeatSeconds.Of(configuration);

    private static bool TryRead(string text, out TimeSpan heartbeat)
    {
        var isValid = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= MaxHeartbeatSeconds;
        heartbeat = isValid ? TimeSpan.FromSeconds(seconds) : default;
        return isValid;
    }
}
