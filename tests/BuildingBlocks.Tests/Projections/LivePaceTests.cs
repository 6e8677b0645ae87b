using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Projections.Running;

namespace Monolith.BuildingBlocks.Tests.Projections;

[Trait("Height", "Unit")]
public sealed class LivePaceTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly LivePace pace;

    public LivePaceTests() => pace = new LivePace(clock);

    [Fact]
    public void A_quarter_as_long_again_as_in_calm_is_suffering()
    {
        Note(40, 100);
        using var build = pace.Build();

        Now(45, 100).ShouldBe(LiveCondition.Calm);
        Now(55, 100).ShouldBe(LiveCondition.Suffering);
    }

    [Fact]
    public void Calm_is_what_it_was_last_however_many_events_came_before()
    {
        Note(300, 600);
        Note(20, 2_000);
        using var build = pace.Build();

        Now(50, 100).ShouldBe(LiveCondition.Suffering, "of a calm of 20 ms it is more than a quarter as much again, of 300 ms it would not be");
    }

    [Fact]
    public void Until_calm_was_measured_the_usual_way_through_a_broker_is_no_suffering()
    {
        using var build = pace.Build();

        Now(60, 100).ShouldBe(LiveCondition.Calm);
    }

    [Fact]
    public void What_nobody_notices_is_no_suffering()
    {
        Note(1, 100);
        using var build = pace.Build();

        Now(12, 100).ShouldBe(LiveCondition.Calm);
    }

    [Fact]
    public void What_was_before_is_not_judged_again()
    {
        Note(10, 100);
        using var build = pace.Build();
        Now(1_000, 100).ShouldBe(LiveCondition.Suffering);

        Now(10, 5).ShouldBe(LiveCondition.Unknown);
        Now(10, 100).ShouldBe(LiveCondition.Calm);
    }

    [Fact]
    public void Where_nothing_has_become_visible_for_a_while_there_is_nobody_to_rest_for()
    {
        pace.Judge(0).ShouldBe(LiveCondition.Idle);
        Now(10, 100).ShouldBe(LiveCondition.Calm);
        clock.Advance(TimeSpan.FromSeconds(3));

        pace.Judge(0).ShouldBe(LiveCondition.Idle);
    }

    [Fact]
    public void Events_that_are_caught_up_with_say_nothing_about_the_pace()
    {
        using var build = pace.Build();

        Now(60_000, 100).ShouldBe(LiveCondition.Idle);
    }

    private LiveCondition Now(double milliseconds, int times)
    {
        var since = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Note(milliseconds, times);
        return pace.Judge(since);
    }

    private void Note(double milliseconds, int times)
    {
        for (var i = 0; i < times; i++)
            pace.Note(TimeSpan.FromMilliseconds(milliseconds));
    }
}
