using CsCheck;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Contract.Sample;

namespace Monolith.Domain.Tests;

[Trait("Category", "Unit")]
public sealed class AggregateRootTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Counter counter = new();

    [Fact]
    public void Versions_count_from_one_without_a_gap()
    {
        counter.Count(Noon);
        counter.Count(Noon);
        counter.ClearRaisedEvents();
        counter.Count(Noon);

        counter.RaisedEvents.ShouldHaveSingleItem().Version.ShouldBe(3);
        counter.Version.ShouldBe(3);
    }

    [Fact]
    public void Time_never_goes_back()
    {
        counter.Count(Noon);
        counter.Count(Noon.AddMinutes(-5));
        counter.Count(Noon.AddTicks(TimeSpan.TicksPerMicrosecond));

        counter.RaisedEvents.Select(raised => raised.OccurredAt).ShouldBe([Noon, Noon, Noon.AddTicks(TimeSpan.TicksPerMicrosecond)]);
        counter.ChangedAt.ShouldBe(counter.RaisedEvents[^1].OccurredAt);
    }

    [Fact]
    public void Times_are_cut_to_microseconds_in_UTC()
    {
        counter.Count(new DateTimeOffset(2026, 3, 1, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(1_239));

        counter.ChangedAt.ShouldBe(Noon.AddTicks(1_230));
        counter.ChangedAt.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Times_of_a_stream_never_decrease() => Check.Sample(Gen.Long[-1_000_000, 1_000_000].Array[1, 50], steps =>
    {
        var any = new Counter();
        foreach (var step in steps)
            any.Count(Noon.AddTicks(step));

        var times = any.RaisedEvents.Select(raised => raised.OccurredAt).ToArray();
        times.ShouldBe(times.Order());
        times.ShouldAllBe(time => time.Ticks % TimeSpan.TicksPerMicrosecond == 0);
    });

    private sealed class Counter : AggregateRoot
    {
        public void Count(DateTimeOffset now) => Raise(new Counted(Id, 1), now);
    }
}
