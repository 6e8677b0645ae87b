using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class LagTrackerTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly LagTracker tracker;

    public LagTrackerTests() => tracker = new LagTracker(clock);

    [Fact]
    public void Lag_over_the_tolerance_is_late()
    {
        Note(40, 100);

        LateAt(59).ShouldBe(0);
        LateAt(61).ShouldBe(1);
    }

    [Fact]
    public void Baseline_is_the_99th_percentile()
    {
        Note(20, 985);
        Note(40, 10);
        Note(900, 5);

        LateAt(59).ShouldBe(0);
        LateAt(61).ShouldBe(1);
    }

    [Fact]
    public void Baseline_uses_only_the_latest_events()
    {
        Note(300, 600);
        Note(20, 10_000);

        LateAt(50).ShouldBe(1);
    }

    [Fact]
    public void Initial_baseline_tolerates_the_latency_of_a_broker()
    {
        Note(1, 19);

        LateAt(70).ShouldBe(0);
    }

    [Fact]
    public void Lag_below_the_minimum_is_not_late()
    {
        Note(1, 100);

        LateAt(14).ShouldBe(0);
    }

    [Fact]
    public void Rebuilds_do_not_change_the_baseline()
    {
        Note(20, 100);
        using (tracker.BeginRebuild())
            Note(500, 10_000);
        Note(500, 10_000);

        LateAt(50).ShouldBe(1);
    }

    [Fact]
    public void Lag_right_after_a_rebuild_is_not_the_baseline()
    {
        Note(20, 100);
        tracker.BeginRebuild().Dispose();
        clock.Advance(TimeSpan.FromSeconds(3));
        Note(500, 10_000);

        LateAt(700).ShouldBe(0);
    }

    [Fact]
    public void Samples_are_taken_once()
    {
        Note(20, 100);
        using var build = tracker.BeginRebuild();
        Note(500, 3);
        Note(10, 2);

        build.Take().ShouldBe(new LagSamples(3, 2, IsIdle: false));
        build.Take().ShouldBe(new LagSamples(0, 0, IsIdle: false));
    }

    [Fact]
    public void Two_rebuilds_sample_all_events()
    {
        using LagSampler one = tracker.BeginRebuild(), other = tracker.BeginRebuild();
        Note(10, 5);

        one.Take().Punctual.ShouldBe(5);
        other.Take().Punctual.ShouldBe(5);
    }

    [Fact]
    public void Idle_read_models_need_no_pause()
    {
        using var build = tracker.BeginRebuild();
        build.Take().IsIdle.ShouldBeTrue();
        Note(10, 1);
        build.Take().IsIdle.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(3));

        build.Take().IsIdle.ShouldBeTrue();
    }

    [Fact]
    public void Lag_measured_while_fully_throttled_becomes_the_baseline()
    {
        using var build = tracker.BeginRebuild();
        build.NoteThrottle(isFull: true);
        Note(400, 100);
        build.Take().Late.ShouldBe(100, "it may have begun to throttle just now");
        clock.Advance(TimeSpan.FromSeconds(6));

        build.Take();
        Note(400, 100);

        build.Take().Late.ShouldBe(0);
    }

    [Fact]
    public void Lag_during_an_unthrottled_rebuild_is_not_the_baseline()
    {
        using LagSampler one = tracker.BeginRebuild(), other = tracker.BeginRebuild();
        one.NoteThrottle(isFull: true);
        Note(400, 100);
        clock.Advance(TimeSpan.FromSeconds(6));

        one.Take();
        Note(400, 100);

        one.Take().Late.ShouldBe(100);
    }

    [Fact]
    public void Old_events_only_show_that_read_models_are_busy()
    {
        using var build = tracker.BeginRebuild();
        Note(60_000, 100);

        build.Take().ShouldBe(new LagSamples(0, 0, IsIdle: false));
    }

    [Fact]
    public void Empty_sample_is_ignored()
    {
        using var build = tracker.BeginRebuild();

        tracker.Add();

        build.Take().IsIdle.ShouldBeTrue();
    }

    /// <summary>The number of late events with a lag during a rebuild that starts now.</summary>
    private int LateAt(double milliseconds)
    {
        using var build = tracker.BeginRebuild();
        Note(milliseconds, 1);
        return build.Take().Late;
    }

    private void Note(double milliseconds, int times)
    {
        for (var i = 0; i < times; i++)
            tracker.Add(TimeSpan.FromMilliseconds(milliseconds));
    }
}
