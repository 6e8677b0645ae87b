using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class PendingSeeksTests
{
    private static readonly LogPartition Third = new("shop.events", 3);

    private readonly PendingSeeks seeks = new();

    [Fact]
    public void Records_at_or_before_the_seek_count()
    {
        seeks.Expect(At(7));
        seeks.Counts(Third, 7).ShouldBeTrue();
        seeks.Counts(Third, 8).ShouldBeTrue();

        seeks.Expect(At(7));
        seeks.Counts(Third, 2).ShouldBeTrue("it only repeats what was applied");
        seeks.Counts(Third, 3).ShouldBeTrue();
        seeks.Missed.ShouldBeEmpty();
    }

    [Fact]
    public void Records_beyond_the_seek_do_not_count()
    {
        seeks.Expect(At(7));

        seeks.Counts(Third, 20).ShouldBeFalse();
        seeks.Counts(Third, 21).ShouldBeFalse();
        seeks.Missed.ShouldBe([At(7)]);
        seeks.NoteRepeated(At(7));
        seeks.Missed.ShouldBeEmpty();

        seeks.Counts(Third, 7).ShouldBeTrue();
        seeks.Counts(Third, 22).ShouldBeTrue();
    }

    [Fact]
    public void Seek_to_the_beginning_expects_the_first_record()
    {
        seeks.Expect(At(Offset.Beginning));

        seeks.Counts(Third, 5).ShouldBeFalse();
        seeks.NoteRepeated(seeks.Missed.ShouldHaveSingleItem());
        seeks.Counts(Third, 0).ShouldBeTrue();
    }

    [Fact]
    public void Seek_before_the_first_record_expects_the_first()
    {
        seeks.Expect(At(Offset.Beginning), firstPosition: 5);
        seeks.Counts(Third, 5).ShouldBeTrue();

        seeks.Expect(At(3), firstPosition: 5);
        seeks.Counts(Third, 5).ShouldBeTrue();
    }

    [Fact]
    public void Number_of_seeks_is_limited()
    {
        seeks.Expect(At(Offset.Beginning));
        var count = 0;
        while (!seeks.Counts(Third, 5))
        {
            seeks.NoteRepeated(seeks.Missed.ShouldHaveSingleItem());
            count++;
        }

        count.ShouldBe(4);
    }

    [Fact]
    public void Partitions_are_independent_and_can_be_forgotten()
    {
        seeks.Expect(At(7));

        seeks.Counts(new("shop.events", 2), 20).ShouldBeTrue();
        seeks.Counts(Third, 20).ShouldBeFalse();
        seeks.Forget(Third);
        seeks.Missed.ShouldBeEmpty();
        seeks.Counts(Third, 20).ShouldBeTrue();
    }

    private static TopicPartitionOffset At(Offset offset) => new(Third.Log, Third.Partition, offset);
}
