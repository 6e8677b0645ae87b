namespace Monolith.BuildingBlocks.Kafka;

/// <summary>Which records of a partition are the next event of its log. Lower: a repeat. Higher: nothing is passed by, the missing one is looked for.</summary>
/// <param name="next">The log offset that comes first.</param>
internal sealed class FollowedPartition(long next)
{
    private long? lookedFor;

    public enum Verdict
    {
        /// <summary>It is not for the follower: a repeat, or one before which another is missing still.</summary>
        Skip,

        /// <summary>It is the next one.</summary>
        Next,

        /// <summary>One is missing before it, and it may stand anywhere in the topic: once, all of it is read for the missing one.</summary>
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

        if (offset < Next || lookedFor == Next)
            return Verdict.Skip;
        lookedFor = Next;
        return Verdict.LookFromTheStart;
    }
}
