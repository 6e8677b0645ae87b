namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>
/// When a waiting request reads the checkpoints of the store: at once, then with growing pauses; once a second while another process
/// reports its progress.
/// </summary>
internal sealed class StorePolling(TimeProvider clock)
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromMilliseconds(100);

    // The process that reports may have lost the partition, or the connection.
    private static readonly TimeSpan IntervalWithReports = TimeSpan.FromSeconds(1);

    private TimeSpan interval = MinInterval;
    private long? lastReadAt;

    /// <summary>How long to wait for a report before <see cref="IsDue"/> is to be called again.</summary>
    public TimeSpan Wait { get; private set; } = MaxInterval;

    /// <summary>Whether the caller is to read the store now.</summary>
    /// <param name="isReported">Whether the process that applies the partition reports its progress.</param>
    public bool IsDue(bool isReported)
    {
        if (lastReadAt is { } at
            && (isReported ? IntervalWithReports : interval) - clock.GetElapsedTime(at) is var remaining && remaining > TimeSpan.Zero)
        {
            Wait = remaining;
            return false;
        }

        if (lastReadAt is not null && interval < MaxInterval)
            interval = interval * 2 < MaxInterval ? interval * 2 : MaxInterval;
        lastReadAt = clock.GetTimestamp();
        Wait = isReported ? IntervalWithReports : interval;
        return true;
    }
}
