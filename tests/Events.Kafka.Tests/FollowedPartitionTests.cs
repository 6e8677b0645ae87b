using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Events.Kafka;
using static Monolith.BuildingBlocks.Events.Kafka.FollowedPartition.Decision;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class FollowedPartitionTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Repeats_are_skipped()
    {
        var partition = new FollowedPartition(5, clock);
        new long[] { 3, 4, 5, 5, 4, 6 }.Select(partition.Decide).ShouldBe([Skip, Skip, Deliver, Skip, Skip, Deliver]);
        partition.Next.ShouldBe(7);
    }

    [Fact]
    public void Missing_event_is_searched_from_the_start_once()
    {
        var partition = new FollowedPartition(5, clock);
        new long[] { 500, 0, 1, 2, 3, 4, 5, 500, 0, 1, 2, 3, 4, 5, 500, 501, 6 }.Select(partition.Decide).ShouldBe(
            [
                ReadFromBeginning,
                Skip,
                Skip,
                Skip,
                Skip,
                Skip,
                Deliver,
                ReadFromBeginning,
                Skip,
                Skip,
                Skip,
                Skip,
                Skip,
                Skip,
                Skip,
                Skip,
                Deliver
            ]);
    }

    /// <summary>The client may have lost the seek, and no further record may arrive.</summary>
    [Fact]
    public void Missing_event_is_due_again_without_further_records()
    {
        var partition = new FollowedPartition(5, clock);
        partition.MustReadAgain().ShouldBeFalse();
        partition.Decide(7).ShouldBe(ReadFromBeginning);
        foreach (var pause in new[] { 10, 20, 40 })
        {
            clock.Advance(TimeSpan.FromSeconds(pause - 1));
            partition.Decide(7).ShouldBe(Skip);
            partition.MustReadAgain().ShouldBeFalse();
            clock.Advance(TimeSpan.FromSeconds(1));
            partition.MustReadAgain().ShouldBeTrue();
            partition.NoteReadAgain();
            partition.MustReadAgain().ShouldBeFalse();
        }

        new long[] { 5, 6, 8 }.Select(partition.Decide).ShouldBe([Deliver, Deliver, ReadFromBeginning]);
    }

    [Fact]
    public void Progress_delays_the_next_search_by_a_full_pause()
    {
        var partition = new FollowedPartition(5, clock);
        new long[] { 8, 5 }.Select(partition.Decide).ShouldBe([ReadFromBeginning, Deliver]);
        clock.Advance(TimeSpan.FromSeconds(10));
        partition.MustReadAgain().ShouldBeFalse("event 6 has not been missing for a full pause yet");

        clock.Advance(TimeSpan.FromSeconds(10));
        partition.MustReadAgain().ShouldBeTrue();

        new long[] { 6, 7, 8 }.Select(partition.Decide).ShouldBe([Deliver, Deliver, Deliver]);
        clock.Advance(TimeSpan.FromMinutes(20));
        partition.MustReadAgain().ShouldBeFalse("nothing is missing");
    }

    /// <summary>The event that was read too early may be stored before the missing one.</summary>
    [Fact]
    public void Skipped_event_is_due_when_it_becomes_the_next()
    {
        var partition = new FollowedPartition(5, clock);
        new long[] { 6, 5 }.Select(partition.Decide).ShouldBe([ReadFromBeginning, Deliver]);
        partition.MustReadAgain().ShouldBeFalse();

        clock.Advance(TimeSpan.FromSeconds(10));

        partition.MustReadAgain().ShouldBeTrue();
    }

    [Fact]
    public void Missing_event_is_searched_at_once_in_another_topic()
    {
        var partition = new FollowedPartition(5, clock);
        new long[] { 7, 7 }.Select(partition.Decide).ShouldBe([ReadFromBeginning, Skip]);

        partition.TopicReplaced();

        partition.Decide(7).ShouldBe(ReadFromBeginning);
    }
}
