using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Streaming.Cursors;
using Monolith.BuildingBlocks.Streaming.Following;
using Monolith.BuildingBlocks.Streaming.Messages;

namespace Monolith.Streaming.Tests;

[Trait("Category", "Unit")]
public sealed class EventRingTests
{
    private static readonly LogLayout Layout = new(new Dictionary<string, int> { ["shop.events"] = 2 });

    [Fact]
    public void Listeners_read_the_same_events_at_their_own_pace()
    {
        var ring = new EventRing(Layout, [5, 0], capacity: 4, maxBytes: 1_000_000);
        ring.Append([Record(0, 5), Record(1, 0), Record(0, 6)]);

        Read(ring, from: 0, max: 2).ShouldBe([(0, 5), (1, 0)]);
        Read(ring, from: 2, max: 2).ShouldBe([(0, 6)]);
        Read(ring, from: 3, max: 2).ShouldBe([]);
        ring.Newest().ShouldBe([7, 1]);
        ring.End().Index.ShouldBe(3);
    }

    [Fact]
    public void Slow_reader_is_rejected_when_its_events_are_removed()
    {
        var ring = new EventRing(Layout, [5, 0], capacity: 2, maxBytes: 1_000_000);
        ring.Append([Record(0, 5), Record(1, 0), Record(0, 6), Record(0, 7)]);

        Read(ring, from: 0, max: 9).ShouldBeNull("the first two are removed");
        Read(ring, from: 1, max: 9).ShouldBeNull();
        Read(ring, from: 2, max: 9).ShouldBe([(0, 6), (0, 7)]);
        ring.Join([5, 1]).ShouldBeNull("offset 5 of partition 0 is removed");
        ring.Join([6, 0]).ShouldBeNull("offset 0 of partition 1 is removed");
        ring.Join([6, 1]).ShouldNotBeNull().Vector.ShouldBe([6, 1]);
        ring.Join([9, 9]).ShouldNotBeNull().Index.ShouldBe(2, "a listener that is ahead joins at the oldest event");
    }

    [Fact]
    public void Ring_is_limited_by_bytes_but_one_event_always_fits()
    {
        var ring = new EventRing(Layout, [0, 0], capacity: 100, maxBytes: 50);
        ring.Append([Record(0, 0), Record(0, 1)]);
        ring.Append([SampleRecords.Raw("shop.named.v1", $"\"{new string('x', 500)}\"", 2)]);

        Read(ring, from: 0, max: 9).ShouldBeNull();
        Read(ring, from: 2, max: 9).ShouldBe([(0, 2)]);
    }

    [Fact]
    public void Cursor_of_an_event_covers_all_partitions()
    {
        var ring = new EventRing(Layout, [5, 0], capacity: 4, maxBytes: 1_000_000);
        ring.Append([Record(0, 5), Record(1, 0)]);

        var events = new List<LiveEvent>();
        ring.Read(0, 9, events);

        events.Select(live => StreamCursor.Decode(live.Cursor)!.Single().Value).ShouldBe([[6, 0], [6, 1]]);
    }

    private static LogRecord Record(int partition, long offset) =>
        SampleRecords.Of(new Counted(SampleRecords.CounterOf(partition), 1), offset, partition);

    private static (int, long)[]? Read(EventRing ring, long from, int max)
    {
        var events = new List<LiveEvent>();
        return ring.Read(from, max, events) ? [.. events.Select(live => (live.Record.Partition, live.Record.Offset))] : null;
    }
}
