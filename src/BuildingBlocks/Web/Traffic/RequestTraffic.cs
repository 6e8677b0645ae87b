using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Web.Traffic;

/// <summary>
/// The requests that are under way: no more at once than the setting says, and none left when the host goes. Before it stops, a host tells by its health that it wants no more (<see cref="DrainAsync"/>), and
/// still answers whatever comes until nothing does.
/// </summary>
public sealed class RequestTraffic
{
    /// <summary>The setting of how many requests are worked on at once.</summary>
    public static readonly Setting<int> AtOnce = Setting.WholeNumber(
        "Requests:AtOnce", 1_000, 1, 100_000,
        "How many requests are worked on at once; one more is answered with 503 `overloaded` and a `Retry-After` of a second. Streams that stay open, health and metrics are not counted.");

    /// <summary>Nothing came for so long: whoever sends requests here has understood.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>With what the parts of the host take after it, a host is gone well within 10 s.</summary>
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);

    private readonly int most;
    private readonly TimeProvider clock;
    private int running;
    private long last;
    private volatile bool draining;

    /// <summary>Begins to count.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="InvalidSettingException">The setting means nothing.</exception>
    public RequestTraffic(IConfiguration configuration, TimeProvider clock)
    {
        most = AtOnce.Of(configuration);
        this.clock = clock;
        last = clock.GetTimestamp() - (long)(Quiet.TotalSeconds * clock.TimestampFrequency);
    }

    /// <summary>Whether the host is about to stop.</summary>
    public bool IsDraining => draining;

    private bool IsQuiet => Volatile.Read(ref running) == 0 && clock.GetElapsedTime(Volatile.Read(ref last)) >= Quiet;

    /// <summary>From here on the host is not ready, and asks clients to come with a new connection; ends when nothing is under way and nothing came for a second, at the latest after three.</summary>
    public async Task DrainAsync()
    {
        draining = true;
        var began = clock.GetTimestamp();
        while (!IsQuiet && clock.GetElapsedTime(began) < DrainAtMost)
            await Task.Delay(LookEvery, clock);
    }

    /// <summary>A request begins; false where there are too many.</summary>
    internal bool TryBegin()
    {
        if (Interlocked.Increment(ref running) <= most)
            return true;
        Interlocked.Decrement(ref running);
        return false;
    }

    /// <summary>A request that began has ended.</summary>
    internal void End()
    {
        Volatile.Write(ref last, clock.GetTimestamp());
        Interlocked.Decrement(ref running);
    }
}
