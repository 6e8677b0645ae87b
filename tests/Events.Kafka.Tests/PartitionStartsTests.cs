using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class PartitionStartsTests
{
    private static readonly LogPartition First = new("shop.events", 0);
    private static readonly LogPartition Second = new("shop.events", 1);

    private readonly PartitionStarts starts = new();

    [Fact]
    public void Records_count_after_the_start()
    {
        var claim = Waiting(First);
        starts.Counts(First, 5, assigned: 1).ShouldBeFalse();

        starts.Start(claim, At(First, 5), firstPosition: 0);

        starts.Waiting.ShouldBeEmpty();
        starts.StartedIn("shop.events").ShouldBe([First]);
        starts.Counts(First, 5, assigned: 1).ShouldBeTrue();
        starts.Counts(Second, 5, assigned: 2).ShouldBeFalse();
    }

    [Fact]
    public void Lost_seek_is_repeated()
    {
        starts.Start(Waiting(First), At(First, 5), firstPosition: 0);

        starts.Counts(First, 9, assigned: 1).ShouldBeFalse();
        starts.LostSeeks.ShouldBe([At(First, 5)]);

        starts.NoteSeekRepeated(At(First, 5));
        starts.LostSeeks.ShouldBeEmpty();
        starts.Counts(First, 5, assigned: 1).ShouldBeTrue();
    }

    [Fact]
    public void New_claim_replaces_a_waiting_one()
    {
        Waiting(First);
        Waiting(First, epoch: 2);

        starts.Waiting.ShouldHaveSingleItem().Start.Epoch.ShouldBe(2);
        starts.FindWaiting(First).ShouldNotBeNull();
        starts.FindWaiting(Second).ShouldBeNull();
    }

    [Fact]
    public void Removed_partition_does_not_count()
    {
        starts.Start(Waiting(First), At(First, 5), firstPosition: 0);
        Waiting(Second);

        starts.Remove([First, Second]);

        starts.Waiting.ShouldBeEmpty();
        starts.StartedIn("shop.events").ShouldBeEmpty();
        starts.Counts(First, 5, assigned: 1).ShouldBeFalse();
    }

    private ClaimedPartition Waiting(LogPartition partition, long epoch = 1)
    {
        var claim = new ClaimedPartition(new Checkpoint(partition, epoch, 6, Guid.NewGuid(), 5, "here"), Refusal: null);
        starts.Add([partition], [claim]);
        return claim;
    }

    private static TopicPartitionOffset At(LogPartition partition, long offset) => new(partition.Log, partition.Partition, offset);
}
