using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class StorePollingTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Who_is_told_nothing_looks_at_once_and_then_at_pauses_that_grow_to_a_tenth_of_a_second()
    {
        var looks = new StorePolling(clock);

        Pauses(looks, told: false, count: 7).ShouldBe([0, 5, 10, 20, 40, 80, 100]);
    }

    [Fact]
    public void Who_is_told_looks_at_once_and_then_once_a_second()
    {
        var looks = new StorePolling(clock);

        Pauses(looks, told: true, count: 3).ShouldBe([0, 1_000, 1_000]);
    }

    [Fact]
    public void Who_is_told_no_more_looks_at_short_pauses_again()
    {
        var looks = new StorePolling(clock);
        looks.IsDue(told: true).ShouldBeTrue();
        clock.Advance(TimeSpan.FromMilliseconds(500));
        looks.IsDue(told: true).ShouldBeFalse();
        looks.Rest.ShouldBe(TimeSpan.FromMilliseconds(500));

        looks.IsDue(told: false).ShouldBeTrue();
    }

    // How long after the look before each is due.
    private List<double> Pauses(StorePolling looks, bool told, int count)
    {
        var pauses = new List<double>();
        while (pauses.Count < count)
        {
            var since = clock.GetUtcNow();
            while (!looks.IsDue(told))
                clock.Advance(looks.Rest);
            pauses.Add((clock.GetUtcNow() - since).TotalMilliseconds);
        }

        return pauses;
    }
}
