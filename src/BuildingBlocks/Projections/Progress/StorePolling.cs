namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>When somebody who waits looks into the store by himself: at once, then at pauses that grow; once a second for as long as another process tells him.</summary>
/// <param name="clock">The clock.</param>
internal sealed class StorePolling(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    /// <summary>Whoever tells may have lost the partition, or the connection.</summary>
    private static readonly TimeSpan WhileTold = TimeSpan.FromSeconds(1);

    private TimeSpan pause = First;
    private long? latest;

    /// <summary>How long to wait for news before it may be time to look.</summary>
    public TimeSpan Rest { get; private set; } = Longest;

    /// <summary>Whether it is time to look; the caller then does.</summary>
    /// <param name="told">Whether the process that applies the partition tells how far it is.</param>
    public bool IsDue(bool told)
    {
        if (latest is { } look && (told ? WhileTold : pause) - clock.GetElapsedTime(look) is var left && left > TimeSpan.Zero)
        {
            Rest = left;
            return false;
        }

        if (latest is not null && pause < Longest)
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        latest = clock.GetTimestamp();
        Rest = told ? WhileTold : pause;
        return true;
    }
}
