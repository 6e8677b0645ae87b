using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class LagTrackerTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly LagTracker pace;

    public LagTrackerTests() => pace = new LagTracker(clock);

    [Fact]
    public void Half_as_long_again_as_in_calm_is_late()
    {
        Note(40, 100);

        LateAt(59).ShouldBe(0);
        LateAt(61).ShouldBe(1);
    }

    [Fact]
    public void Calm_is_what_all_but_one_in_a_hundred_stay_below()
    {
        Note(20, 985);
        Note(40, 10);
        Note(900, 5);

        LateAt(59).ShouldBe(0);
        LateAt(61).ShouldBe(1);
    }

    [Fact]
    public void Calm_is_what_it_was_last_however_many_events_came_before()
    {
        Note(300, 600);
        Note(20, 10_000);

        LateAt(50).ShouldBe(1);
    }

    [Fact]
    public void Until_calm_was_measured_the_usual_way_through_a_broker_is_not_late()
    {
        Note(1, 19);

        LateAt(70).ShouldBe(0);
    }

    [Fact]
    public void What_nobody_notices_is_not_late()
    {
        Note(1, 100);

        LateAt(14).ShouldBe(0);
    }

    [Fact]
    public void A_build_gets_used_neither_to_itself_nor_to_the_one_before()
    {
        Note(20, 100);
        using (pace.Build())
            Note(500, 10_000);
        Note(500, 10_000);

        LateAt(50).ShouldBe(1);
    }

    [Fact]
    public void What_a_build_left_to_do_is_done_after_a_while()
    {
        Note(20, 100);
        pace.Build().Dispose();
        clock.Advance(TimeSpan.FromSeconds(3));
        Note(500, 10_000);

        LateAt(700).ShouldBe(0);
    }

    [Fact]
    public void What_was_taken_is_not_taken_again()
    {
        Note(20, 100);
        using var build = pace.Build();
        Note(500, 3);
        Note(10, 2);

        build.Take().ShouldBe(new LagSamples(3, 2, IsIdle: false));
        build.Take().ShouldBe(new LagSamples(0, 0, IsIdle: false));
    }

    [Fact]
    public void Each_of_two_builds_sees_all()
    {
        using LagSampler one = pace.Build(), other = pace.Build();
        Note(10, 5);

        one.Take().OnTime.ShouldBe(5);
        other.Take().OnTime.ShouldBe(5);
    }

    [Fact]
    public void Where_nothing_has_become_visible_for_a_while_there_is_nobody_to_rest_for()
    {
        using var build = pace.Build();
        build.Take().IsIdle.ShouldBeTrue();
        Note(10, 1);
        build.Take().IsIdle.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(3));

        build.Take().IsIdle.ShouldBeTrue();
    }

    [Fact]
    public void What_is_seen_while_a_build_rests_as_long_as_it_may_is_as_calm_as_it_gets()
    {
        using var build = pace.Build();
        build.NoteRest(isLongest: true);
        Note(400, 100);
        build.Take().Late.ShouldBe(100, "it may have begun to rest just now");
        clock.Advance(TimeSpan.FromSeconds(6));

        build.Take();
        Note(400, 100);

        build.Take().Late.ShouldBe(0);
    }

    [Fact]
    public void What_is_seen_while_another_build_does_not_rest_so_long_is_not()
    {
        using LagSampler one = pace.Build(), other = pace.Build();
        one.NoteRest(isLongest: true);
        Note(400, 100);
        clock.Advance(TimeSpan.FromSeconds(6));

        one.Take();
        Note(400, 100);

        one.Take().Late.ShouldBe(100);
    }

    [Fact]
    public void Events_that_are_caught_up_with_say_nothing_but_that_somebody_waits()
    {
        using var build = pace.Build();
        Note(60_000, 100);

        build.Take().ShouldBe(new LagSamples(0, 0, IsIdle: false));
    }

    [Fact]
    public void A_page_of_which_nothing_is_left_makes_nothing_visible()
    {
        using var build = pace.Build();

        pace.Note();

        build.Take().IsIdle.ShouldBeTrue();
    }

    /// <summary>How many are late of one that takes so long beside a build that begins now.</summary>
    private int LateAt(double milliseconds)
    {
        using var build = pace.Build();
        Note(milliseconds, 1);
        return build.Take().Late;
    }

    private void Note(double milliseconds, int times)
    {
        for (var i = 0; i < times; i++)
            pace.Note(TimeSpan.FromMilliseconds(milliseconds));
    }
}
