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
    private readonly LagTracker pace;

    public RebuildThrottleTests()
    {
        pace = new LagTracker(clock);
        Become(OnTime, 100);
    }

    [Fact]
    public async Task It_begins_with_sixteen_times_the_work_and_shrinks_to_none_in_calm()
    {
        using var build = pace.Build();
        var rest = new RebuildThrottle(build, clock);
        var rests = new List<TimeSpan>();
        for (var i = 0; i < 100; i++)
            rests.Add(await RestAsync(rest, (OnTime, 100)));

        rests[0].ShouldBeInRange(Work * 13, Work * 14);
        rests.ShouldBeInOrder(SortDirection.Descending);
        rests[^1].ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task It_grows_with_late_events_to_thirty_two_times_the_work()
    {
        using var build = pace.Build();
        var rest = new RebuildThrottle(build, clock);

        (await RestAsync(rest, (Late, 2))).ShouldBeInRange(Work * 21, Work * 22);
        (await RestAsync(rest, (Late, 100))).ShouldBe(Work * 32);
        (await RestAsync(rest, (Late, 100))).ShouldBe(Work * 32);
    }

    [Fact]
    public async Task It_stays_as_it_is_where_one_in_a_hundred_is_late()
    {
        using var build = pace.Build();
        var rest = new RebuildThrottle(build, clock);
        for (var i = 0; i < 20; i++)
            (await RestAsync(rest, (Late, 1), (OnTime, 99))).ShouldBe(Work * 16);
    }

    [Fact]
    public async Task It_comes_back_at_once_where_all_are_late()
    {
        using var build = pace.Build();
        var rest = new RebuildThrottle(build, clock);
        for (var i = 0; i < 100; i++)
            await RestAsync(rest, (OnTime, 100));

        (await RestAsync(rest, (Late, 50))).ShouldBe(Work * 32);
    }

    [Fact]
    public async Task It_does_not_wait_for_hundreds_of_events_where_there_are_few()
    {
        using var build = pace.Build();
        var rest = new RebuildThrottle(build, clock);
        var began = clock.GetUtcNow();
        for (var last = TimeSpan.MaxValue; last > TimeSpan.Zero; last = await RestAsync(rest, (OnTime, 1)))
            clock.Advance(TimeSpan.FromMilliseconds(900));

        (clock.GetUtcNow() - began).ShouldBeLessThan(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task It_ends_where_nobody_writes()
    {
        using var build = pace.Build();
        var rest = new RebuildThrottle(build, clock);
        (await RestAsync(rest, (Late, 100))).ShouldBe(Work * 32);

        clock.Advance(TimeSpan.FromSeconds(3));
        (await RestAsync(rest)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task It_has_an_end_however_long_the_work_took()
    {
        using var build = pace.Build();
        var rest = new RebuildThrottle(build, clock);

        (await RestAsync(rest, TimeSpan.FromSeconds(4), (Late, 100))).ShouldBe(TimeSpan.FromSeconds(5));
    }

    private void Become(double milliseconds, int times)
    {
        for (var i = 0; i < times; i++)
            pace.Note(TimeSpan.FromMilliseconds(milliseconds));
    }

    private Task<TimeSpan> RestAsync(RebuildThrottle rest, params (double After, int Times)[] visible) => RestAsync(rest, Work, visible);

    /// <summary>Works, while events become visible in so long, and says how long the rest was.</summary>
    private async Task<TimeSpan> RestAsync(RebuildThrottle rest, TimeSpan work, params (double After, int Times)[] visible)
    {
        rest.Begin();
        clock.Advance(work);
        foreach (var (after, times) in visible)
            Become(after, times);
        var began = clock.GetUtcNow();
        var resting = rest.TakeAsync(CancellationToken.None);
        for (var i = 0; i < 10_000 && !resting.IsCompleted; i++)
            clock.Advance(TimeSpan.FromMilliseconds(1));
        await resting;
        return clock.GetUtcNow() - began;
    }
}
