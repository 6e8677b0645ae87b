namespace Monolith.BuildingBlocks.Kafka;

/// <summary>Which records of a partition are the next event of its log. Lower: a repeat. Higher: nothing is passed by, the missing one is looked for.</summary>
/// <param name="next">The log offset that comes first.</param>
/// <param name="clock">Tells when to look again.</param>
internal sealed class FollowedPartition(long next, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private long? lookedFor;
    private long lookedAt;
    private TimeSpan pause;

    public enum Verdict
    {
        /// <summary>It is not for the follower: a repeat, or one before which another is missing still.</summary>
        Skip,

        /// <summary>It is the next one.</summary>
        Next,

        /// <summary>
        /// One is missing before it, and it may stand anywhere in the topic: all of it is read for the missing one. The client may lose a seek, so that it is read again after a while, with ever longer pauses.
        /// </summary>
        LookFromTheStart,
    }

    /// <summary>The log offset that comes next.</summary>
    public long Next { get; private set; } = next;

    /// <summary>Notes that the partition is read in another topic, where all of it may have to be read once more.</summary>
    public void StartOver() => lookedFor = null;

    public Verdict Judge(long offset)
    {
        if (offset == Next)
        {
            Next++;
            return Verdict.Next;
        }

        var looksAgain = lookedFor == Next;
        if (offset < Next || (looksAgain && clock.GetElapsedTime(lookedAt) < pause))
            return Verdict.Skip;
        pause = looksAgain ? TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)) : FirstPause;
        lookedFor = Next;
        lookedAt = clock.GetTimestamp();
        return Verdict.LookFromTheStart;
    }
}
