using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Web.Traffic;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class RequestTrafficTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Requests_above_the_limit_are_refused_until_one_ends()
    {
        var traffic = Of(max: 2);
        traffic.TryBegin().ShouldBeTrue();
        traffic.TryBegin().ShouldBeTrue();
        traffic.TryBegin().ShouldBeFalse();
        traffic.TryBegin().ShouldBeFalse();

        traffic.End();

        traffic.TryBegin().ShouldBeTrue();
        traffic.TryBegin().ShouldBeFalse();
    }

    [Fact]
    public void Idle_host_is_drained_at_once()
    {
        var traffic = Of(max: 2);

        traffic.DrainAsync().IsCompletedSuccessfully.ShouldBeTrue();

        traffic.IsDraining.ShouldBeTrue();
    }

    [Fact]
    public async Task Host_is_drained_after_a_second_without_requests()
    {
        var traffic = Of(max: 2);
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
    public async Task Busy_host_is_drained_after_three_seconds()
    {
        var traffic = Of(max: 2);
        traffic.TryBegin();
        var drained = traffic.DrainAsync();
        Advance(milliseconds: 2_900);
        drained.IsCompleted.ShouldBeFalse();

        Advance(milliseconds: 200);

        await drained;
    }

    private RequestTraffic Of(int max)
    {
        var setting = new KeyValuePair<string, string?>("Requests:AtOnce", max.ToString(CultureInfo.InvariantCulture));
        return new RequestTraffic(new ConfigurationBuilder().AddInMemoryCollection([setting]).Build(), clock);
    }

    private void Advance(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i += 25)
            clock.Advance(TimeSpan.FromMilliseconds(25));
    }
}
