using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class PendingSeeksTests
{
    private static readonly LogPartition Third = new("shop.events", 3);

    private readonly PendingSeeks places = new();

    [Fact]
    public void Records_at_or_before_the_seek_count()
    {
        places.Expect(At(7));
        places.Counts(Third, 7).ShouldBeTrue();
        places.Counts(Third, 8).ShouldBeTrue();

        places.Expect(At(7));
        places.Counts(Third, 2).ShouldBeTrue("it only repeats what was applied");
        places.Counts(Third, 3).ShouldBeTrue();
        places.Missed.ShouldBeEmpty();
    }

    [Fact]
    public void Records_beyond_the_seek_do_not_count()
    {
        places.Expect(At(7));

        places.Counts(Third, 20).ShouldBeFalse();
        places.Counts(Third, 21).ShouldBeFalse();
        places.Missed.ShouldBe([At(7)]);
        places.NoteRepeated(At(7));
        places.Missed.ShouldBeEmpty();

        places.Counts(Third, 7).ShouldBeTrue();
        places.Counts(Third, 22).ShouldBeTrue();
    }

    [Fact]
    public void Seek_to_the_beginning_expects_the_first_record()
    {
        places.Expect(At(Offset.Beginning));

        places.Counts(Third, 5).ShouldBeFalse();
        places.NoteRepeated(places.Missed.ShouldHaveSingleItem());
        places.Counts(Third, 0).ShouldBeTrue();
    }

    [Fact]
    public void Seek_before_the_first_record_expects_the_first()
    {
        places.Expect(At(Offset.Beginning), firstPosition: 5);
        places.Counts(Third, 5).ShouldBeTrue();

        places.Expect(At(3), firstPosition: 5);
        places.Counts(Third, 5).ShouldBeTrue();
    }

    [Fact]
    public void Number_of_seeks_is_limited()
    {
        places.Expect(At(Offset.Beginning));
        var seeks = 0;
        while (!places.Counts(Third, 5))
        {
            places.NoteRepeated(places.Missed.ShouldHaveSingleItem());
            seeks++;
        }

        seeks.ShouldBe(4);
    }

    [Fact]
    public void Partitions_are_independent_and_can_be_forgotten()
    {
        places.Expect(At(7));

        places.Counts(new("shop.events", 2), 20).ShouldBeTrue();
        places.Counts(Third, 20).ShouldBeFalse();
        places.Forget(Third);
        places.Missed.ShouldBeEmpty();
        places.Counts(Third, 20).ShouldBeTrue();
    }

    private static TopicPartitionOffset At(Offset offset) => new(Third.Log, Third.Partition, offset);
}
