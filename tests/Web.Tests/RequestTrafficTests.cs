using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Web.Traffic;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class RequestTrafficTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void No_more_begin_than_may_and_each_that_ends_makes_room()
    {
        var traffic = Of(atOnce: 2);
        traffic.TryBegin().ShouldBeTrue();
        traffic.TryBegin().ShouldBeTrue();
        traffic.TryBegin().ShouldBeFalse();
        traffic.TryBegin().ShouldBeFalse();

        traffic.End();

        traffic.TryBegin().ShouldBeTrue();
        traffic.TryBegin().ShouldBeFalse();
    }

    [Fact]
    public void A_host_that_nobody_asks_anything_is_drained_at_once()
    {
        var traffic = Of(atOnce: 2);

        traffic.DrainAsync().IsCompletedSuccessfully.ShouldBeTrue();

        traffic.IsDraining.ShouldBeTrue();
    }

    [Fact]
    public async Task A_host_is_drained_when_nothing_came_for_a_second()
    {
        var traffic = Of(atOnce: 2);
        traffic.TryBegin();
        var drained = traffic.DrainAsync();
        Advance(milliseconds: 500);
        traffic.End();
        Advance(milliseconds: 900);
        drained.IsCompleted.ShouldBeFalse("the last request ended less than a second ago");

        Advance(milliseconds: 200);

        await drained;
    }

    [Fact]
    public async Task A_host_that_is_never_left_alone_goes_after_three_seconds()
    {
        var traffic = Of(atOnce: 2);
        traffic.TryBegin();
        var drained = traffic.DrainAsync();
        Advance(milliseconds: 2_900);
        drained.IsCompleted.ShouldBeFalse();

        Advance(milliseconds: 200);

        await drained;
    }

    private RequestTraffic Of(int atOnce) => new(new ConfigurationBuilder().AddInMemoryCollection([new("Requests:AtOnce", atOnce.ToString(System.Globalization.CultureInfo.InvariantCulture))]).Build(), clock);

    private void Advance(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i += 25)
            clock.Advance(TimeSpan.FromMilliseconds(25));
    }
}
