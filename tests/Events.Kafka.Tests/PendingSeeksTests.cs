using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.Host.Tests.Unit.Logging;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class PendingSeeksTests
{
    private static readonly LogPartition Third = new("shop.events", 3);

    private readonly PendingSeeks places = new();

    [Fact]
    public void What_stands_at_the_place_or_before_it_counts_and_all_that_follows()
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
    public void What_comes_from_beyond_the_place_does_not_count_until_it_was_sought_again()
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
    public void The_beginning_is_the_first_record()
    {
        places.Expect(At(Offset.Beginning));

        places.Counts(Third, 5).ShouldBeFalse();
        places.NoteRepeated(places.Missed.ShouldHaveSingleItem());
        places.Counts(Third, 0).ShouldBeTrue();
    }

    [Fact]
    public void Deleted_records_are_not_sought()
    {
        places.Expect(At(Offset.Beginning), firstPosition: 5);
        places.Counts(Third, 5).ShouldBeTrue();

        places.Expect(At(3), firstPosition: 5);
        places.Counts(Third, 5).ShouldBeTrue();
    }

    [Fact]
    public void What_cannot_be_found_is_given_up()
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
    public void Partitions_are_judged_each_for_itself_and_forgotten_when_they_are_given_away()
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
