using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class StorePollingTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Polling_without_reports_starts_at_once_and_slows_down()
    {
        var polling = new StorePolling(clock);

        Pauses(polling, isReported: false, count: 7).ShouldBe([0, 5, 10, 20, 40, 80, 100]);
    }

    [Fact]
    public void Polling_with_reports_happens_once_a_second()
    {
        var polling = new StorePolling(clock);

        Pauses(polling, isReported: true, count: 3).ShouldBe([0, 1_000, 1_000]);
    }

    [Fact]
    public void Polling_after_reports_end_is_frequent_again()
    {
        var polling = new StorePolling(clock);
        polling.IsDue(isReported: true).ShouldBeTrue();
        clock.Advance(TimeSpan.FromMilliseconds(500));
        polling.IsDue(isReported: true).ShouldBeFalse();
        polling.Wait.ShouldBe(TimeSpan.FromMilliseconds(500));

        polling.IsDue(isReported: false).ShouldBeTrue();
    }

    // The time between polls.
    private List<double> Pauses(StorePolling polling, bool isReported, int count)
    {
        var pauses = new List<double>();
        while (pauses.Count < count)
        {
            var since = clock.GetUtcNow();
            while (!polling.IsDue(isReported))
                clock.Advance(polling.Wait);
            pauses.Add((clock.GetUtcNow() - since).TotalMilliseconds);
        }

        return pauses;
    }
}
