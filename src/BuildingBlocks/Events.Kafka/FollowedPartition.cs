namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Selects the records of a partition that continue its log. A lower offset is a duplicate. A higher offset shows a gap: the partition is
/// then read again from its beginning, to find the missing record.
/// </summary>
/// <param name="next">The log offset of the first event.</param>
/// <param name="clock">The clock.</param>
internal sealed class FollowedPartition(long next, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private long beyond = -1;
    private long? soughtOffset;
    private long? awaitedOffset;
    private long awaitedSince;
    private TimeSpan pause = FirstPause;

    public enum Decision
    {
        /// <summary>The record is a duplicate, or is beyond a gap.</summary>
        Skip,

        /// <summary>The record is the next event.</summary>
        Deliver,

        /// <summary>
        /// The record is beyond a gap. The missing one may be anywhere in the topic, which must be read from its beginning.
        /// </summary>
        ReadFromBeginning,
    }

    /// <summary>The log offset of the next event.</summary>
    public long Next { get; private set; } = next;

    /// <summary>Notes that the partition is read in another topic, which may have to be read from its beginning again.</summary>
    public void TopicReplaced()
    {
        beyond = -1;
        soughtOffset = null;
        awaitedOffset = null;
    }

    public Decision Decide(long offset)
    {
        if (offset == Next)
        {
            Next++;
            return Decision.Deliver;
        }

        if (offset < Next)
            return Decision.Skip;
        beyond = Math.Max(beyond, offset);
        if (soughtOffset == Next)
            return Decision.Skip;
        soughtOffset = Next;
        Await(FirstPause);
        return Decision.ReadFromBeginning;
    }

    /// <summary>
    /// Whether the partition must be read from its beginning again: events beyond the next one were read, and the next one has not come
    /// within the pause. The client may have lost a seek. It is checked regularly, since no further record may come.
    /// </summary>
    public bool MustReadAgain()
    {
        if (beyond < Next)
            return false;
        if (awaitedOffset != Next)
            Await(FirstPause);
        return clock.GetElapsedTime(awaitedSince) >= pause;
    }

    /// <summary>Notes that the partition is read from its beginning again. The next pause is twice as long.</summary>
    public void NoteReadAgain()
    {
        soughtOffset = Next;
        Await(TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)));
    }

    private void Await(TimeSpan time)
    {
        awaitedOffset = Next;
        awaitedSince = clock.GetTimestamp();
        pause = time;
    }
}
