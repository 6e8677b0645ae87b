namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Which records of a partition are the next event of its log. Lower: a repeat. Higher: nothing is passed by, the missing one is looked for.</summary>
/// <param name="next">The log offset that comes first.</param>
/// <param name="clock">Tells when to look again.</param>
internal sealed class FollowedPartition(long next, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private long beyond = -1;
    private long? lookedFor;
    private long? waitedFor;
    private long waitsSince;
    private TimeSpan pause = FirstPause;

    public enum Verdict
    {
        /// <summary>It is not for the follower: a repeat, or one before which another is missing still.</summary>
        Skip,

        /// <summary>It is the next one.</summary>
        Next,

        /// <summary>One is missing before it, and it may stand anywhere in the topic: all of it is read for the missing one.</summary>
        LookFromTheStart,
    }

    /// <summary>The log offset that comes next.</summary>
    public long Next { get; private set; } = next;

    /// <summary>Notes that the partition is read in another topic, where all of it may have to be read once more.</summary>
    public void StartOver()
    {
        beyond = -1;
        lookedFor = null;
        waitedFor = null;
    }

    public Verdict Judge(long offset)
    {
        if (offset == Next)
        {
            Next++;
            return Verdict.Next;
        }

        if (offset < Next)
            return Verdict.Skip;
        beyond = Math.Max(beyond, offset);
        if (lookedFor == Next)
            return Verdict.Skip;
        lookedFor = Next;
        WaitFor(FirstPause);
        return Verdict.LookFromTheStart;
    }

    /// <summary>
    /// Whether the partition must be read from its start again: events beyond the next one were read, and the next one has not come for a pause. The client may have lost a seek, and no further record need
    /// come, so that this is asked regularly.
    /// </summary>
    public bool IsDue()
    {
        if (beyond < Next)
            return false;
        if (waitedFor != Next)
            WaitFor(FirstPause);
        return clock.GetElapsedTime(waitsSince) >= pause;
    }

    /// <summary>Notes that the partition is read from its start again. The next pause is twice as long.</summary>
    public void LookedAgain()
    {
        lookedFor = Next;
        WaitFor(TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)));
    }

    private void WaitFor(TimeSpan time)
    {
        waitedFor = Next;
        waitsSince = clock.GetTimestamp();
        pause = time;
    }
}
