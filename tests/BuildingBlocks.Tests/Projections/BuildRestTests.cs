using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Projections.Running;

namespace Monolith.BuildingBlocks.Tests.Projections;

[Trait("Height", "Unit")]
public sealed class BuildRestTests
{
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(10);

    private readonly FakeTimeProvider clock = new();
    private readonly LivePace pace;
    private readonly BuildRest rest;

    public BuildRestTests()
    {
        pace = new LivePace(clock);
        rest = new BuildRest(pace, clock);
        using (pace.Build())
            Become(20);
        for (var i = 0; i < 20; i++)
            pace.Note(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task It_begins_with_as_much_rest_as_work_and_shrinks_to_none_in_calm()
    {
        var rests = new List<TimeSpan>();
        for (var i = 0; i < 30; i++)
            rests.Add(await RestAsync(20));

        rests[0].ShouldBe(Work * 0.9);
        rests.ShouldBeInOrder(SortDirection.Descending);
        rests[^1].ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task It_doubles_while_live_read_models_suffer_to_sixteen_times_the_work()
    {
        var rests = new List<TimeSpan>();
        for (var i = 0; i < 6; i++)
            rests.Add(await RestAsync(500));

        rests.ShouldBe([Work * 2, Work * 4, Work * 8, Work * 16, Work * 16, Work * 16]);
    }

    [Fact]
    public async Task It_stays_as_it_is_until_there_is_something_new_to_judge_by()
    {
        (await RestAsync(500)).ShouldBe(Work * 2);

        (await RestAsync()).ShouldBe(Work * 2);
        (await RestAsync()).ShouldBe(Work * 2);
    }

    [Fact]
    public async Task It_ends_where_nobody_writes()
    {
        (await RestAsync(500)).ShouldBe(Work * 2);

        clock.Advance(TimeSpan.FromSeconds(3));
        (await RestAsync()).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task It_has_an_end_however_long_the_work_took() => (await RestAsync(500, TimeSpan.FromSeconds(4))).ShouldBe(TimeSpan.FromSeconds(5));

    private void Become(double milliseconds)
    {
        for (var i = 0; i < 20; i++)
            pace.Note(TimeSpan.FromMilliseconds(milliseconds));
    }

    /// <summary>Works, while events become visible in so long, and says how long the rest was.</summary>
    private async Task<TimeSpan> RestAsync(double? visibleAfter = null, TimeSpan? work = null)
    {
        using var build = pace.Build();
        rest.Begin();
        clock.Advance(work ?? Work);
        if (visibleAfter is { } milliseconds)
            Become(milliseconds);
        var began = clock.GetUtcNow();
        var resting = rest.TakeAsync(CancellationToken.None);
        for (var i = 0; i < 10_000 && !resting.IsCompleted; i++)
            clock.Advance(TimeSpan.FromMilliseconds(1));
        await resting;
        return clock.GetUtcNow() - began;
    }
}
