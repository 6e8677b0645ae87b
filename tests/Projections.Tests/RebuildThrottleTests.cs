using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class RebuildThrottleTests
{
    private const int Late = 500;
    private const int OnTime = 20;

    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(10);

    private readonly FakeTimeProvider clock = new();
    private readonly LagTracker tracker;

    public RebuildThrottleTests()
    {
        tracker = new LagTracker(clock);
        Become(OnTime, 100);
    }

    [Fact]
    public async Task Throttle_starts_high_and_shrinks_without_late_events()
    {
        using var build = tracker.BeginRebuild();
        var throttle = new RebuildThrottle(build, clock);
        var rests = new List<TimeSpan>();
        for (var i = 0; i < 100; i++)
            rests.Add(await MeasurePauseAsync(throttle, (OnTime, 100)));

        rests[0].ShouldBeInRange(Work * 13, Work * 14);
        rests.ShouldBeInOrder(SortDirection.Descending);
        rests[^1].ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Throttle_grows_with_late_events_up_to_its_maximum()
    {
        using var build = tracker.BeginRebuild();
        var throttle = new RebuildThrottle(build, clock);

        (await MeasurePauseAsync(throttle, (Late, 2))).ShouldBeInRange(Work * 21, Work * 22);
        (await MeasurePauseAsync(throttle, (Late, 100))).ShouldBe(Work * 32);
        (await MeasurePauseAsync(throttle, (Late, 100))).ShouldBe(Work * 32);
    }

    [Fact]
    public async Task Throttle_is_stable_at_one_late_event_in_a_hundred()
    {
        using var build = tracker.BeginRebuild();
        var throttle = new RebuildThrottle(build, clock);
        for (var i = 0; i < 20; i++)
            (await MeasurePauseAsync(throttle, (Late, 1), (OnTime, 99))).ShouldBe(Work * 16);
    }

    [Fact]
    public async Task Throttle_grows_at_once_if_all_events_are_late()
    {
        using var build = tracker.BeginRebuild();
        var throttle = new RebuildThrottle(build, clock);
        for (var i = 0; i < 100; i++)
            await MeasurePauseAsync(throttle, (OnTime, 100));

        (await MeasurePauseAsync(throttle, (Late, 50))).ShouldBe(Work * 32);
    }

    [Fact]
    public async Task Throttle_shrinks_with_time_if_events_are_few()
    {
        using var build = tracker.BeginRebuild();
        var throttle = new RebuildThrottle(build, clock);
        var began = clock.GetUtcNow();
        for (var last = TimeSpan.MaxValue; last > TimeSpan.Zero; last = await MeasurePauseAsync(throttle, (OnTime, 1)))
            clock.Advance(TimeSpan.FromMilliseconds(900));

        (clock.GetUtcNow() - began).ShouldBeLessThan(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task Throttle_ends_without_new_events()
    {
        using var build = tracker.BeginRebuild();
        var throttle = new RebuildThrottle(build, clock);
        (await MeasurePauseAsync(throttle, (Late, 100))).ShouldBe(Work * 32);

        clock.Advance(TimeSpan.FromSeconds(3));
        (await MeasurePauseAsync(throttle)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Pause_has_a_maximum()
    {
        using var build = tracker.BeginRebuild();
        var throttle = new RebuildThrottle(build, clock);

        (await MeasurePauseAsync(throttle, TimeSpan.FromSeconds(4), (Late, 100))).ShouldBe(TimeSpan.FromSeconds(5));
    }

    private void Become(double milliseconds, int times)
    {
        for (var i = 0; i < times; i++)
            tracker.Add(TimeSpan.FromMilliseconds(milliseconds));
    }

    private Task<TimeSpan> MeasurePauseAsync(RebuildThrottle throttle, params (double After, int Times)[] visible) =>
        MeasurePauseAsync(throttle, Work, visible);

    /// <summary>Works while events become visible with some lag, and returns the length of the pause.</summary>
    private async Task<TimeSpan> MeasurePauseAsync(RebuildThrottle throttle, TimeSpan work, params (double After, int Times)[] visible)
    {
        throttle.Begin();
        clock.Advance(work);
        foreach (var (after, times) in visible)
            Become(after, times);
        var began = clock.GetUtcNow();
        var pausing = throttle.PauseAsync(CancellationToken.None);
        for (var i = 0; i < 10_000 && !pausing.IsCompleted; i++)
            clock.Advance(TimeSpan.FromMilliseconds(1));
        await pausing;
        return clock.GetUtcNow() - began;
    }
}
