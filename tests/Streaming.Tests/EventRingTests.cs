using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Streaming;
using Monolith.BuildingBlocks.Streaming.Following;
using Monolith.BuildingBlocks.Streaming.Places;

namespace Monolith.Streaming.Tests;

[Trait("Category", "Unit")]
public sealed class EventRingTests
{
    private static readonly LogLayout Layout = new(new Dictionary<string, int> { ["shop.events"] = 2 });

    [Fact]
    public void Everybody_reads_the_same_events_each_at_his_own_pace()
    {
        var ring = new EventRing(Layout, [5, 0], capacity: 4, mostBytes: 1_000_000);
        ring.Append([Record(0, 5), Record(1, 0), Record(0, 6)]);

        Read(ring, from: 0, most: 2).ShouldBe([(0, 5), (1, 0)]);
        Read(ring, from: 2, most: 2).ShouldBe([(0, 6)]);
        Read(ring, from: 3, most: 2).ShouldBe([]);
        ring.Newest().ShouldBe([7, 1]);
        ring.End().Index.ShouldBe(3);
    }

    [Fact]
    public void What_does_not_fit_is_forgotten_and_who_has_not_read_it_is_told()
    {
        var ring = new EventRing(Layout, [5, 0], capacity: 2, mostBytes: 1_000_000);
        ring.Append([Record(0, 5), Record(1, 0), Record(0, 6), Record(0, 7)]);

        Read(ring, from: 0, most: 9).ShouldBeNull("the first two are forgotten");
        Read(ring, from: 1, most: 9).ShouldBeNull();
        Read(ring, from: 2, most: 9).ShouldBe([(0, 6), (0, 7)]);
        ring.Join([5, 1]).ShouldBeNull("offset 5 of partition 0 is forgotten");
        ring.Join([6, 0]).ShouldBeNull("offset 0 of partition 1 is forgotten");
        ring.Join([6, 1]).ShouldNotBeNull().Vector.ShouldBe([6, 1]);
        ring.Join([9, 9]).ShouldNotBeNull().Index.ShouldBe(2, "who is ahead joins at the oldest and passes over what he has seen");
    }

    [Fact]
    public void Large_events_are_bounded_by_their_bytes_and_one_always_fits()
    {
        var ring = new EventRing(Layout, [0, 0], capacity: 100, mostBytes: 50);
        ring.Append([Record(0, 0), Record(0, 1)]);
        ring.Append([SampleRecords.Raw("shop.named.v1", $"\"{new string('x', 500)}\"", 2)]);

        Read(ring, from: 0, most: 9).ShouldBeNull();
        Read(ring, from: 2, most: 9).ShouldBe([(0, 2)]);
    }

    [Fact]
    public void Each_event_names_the_place_behind_it_in_all_partitions()
    {
        var ring = new EventRing(Layout, [5, 0], capacity: 4, mostBytes: 1_000_000);
        ring.Append([Record(0, 5), Record(1, 0)]);

        var events = new List<LiveEvent>();
        ring.Read(0, 9, events);

        events.Select(live => StreamCursor.Decode(live.Place)!.Single().Value).ShouldBe([[6, 0], [6, 1]]);
    }

    private static LogRecord Record(int partition, long offset) => SampleRecords.Of(new Counted(SampleRecords.CounterOf(partition), 1), offset, partition);

    private static (int, long)[]? Read(EventRing ring, long from, int most)
    {
        var events = new List<LiveEvent>();
        return ring.Read(from, most, events) ? [.. events.Select(live => (live.Record.Partition, live.Record.Offset))] : null;
    }
}
