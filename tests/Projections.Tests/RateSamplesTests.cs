using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class RateSamplesTests
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider clock = new();
    private readonly RateSamples samples;

    public RateSamplesTests() => samples = new RateSamples(clock);

    /// <summary>The rate of the rebuild varies between half and one and a half of its mean.</summary>
    [Fact]
    public void Eta_is_within_a_factor_of_two() =>
        Gen.Select(Gen.Int[10, 300], Gen.Int[1_000, 500_000], Gen.Double[0.5, 1.5].Array[400]).Sample((seconds, rate, moods) =>
        {
            var test = new RateSamplesTests();
            var passed = new List<long> { 0 };
            while (passed.Count <= seconds)
                passed.Add(passed[^1] + (long)(rate * moods[passed.Count]));
            for (var second = 0; second < seconds; second++)
            {
                test.Pass(passed[second]);
                if (second < 1 || passed[second] < passed[seconds] / 10)
                    continue;
                var eta = RateSamples.Eta(passed[seconds] - passed[second], test.samples.Rates!.Values.Sum()).ShouldNotBeNull();
                // Near the end an estimate is exact only to a second.
                eta.ShouldBeInRange(((seconds - second) / 2.0) - 1, ((seconds - second) * 2.0) + 1, $"after {second} of {seconds} s");
            }
        });

    [Fact]
    public void Changed_rate_is_measured_soon()
    {
        for (var second = 0; second < 60; second++)
            Pass(second * 1_000);
        for (var second = 1; second <= 20; second++)
            Pass(59_000 + (second * 100));

        samples.Rates![Of(0)].ShouldBeInRange(100, 200);
    }

    [Fact]
    public void Time_before_the_first_step_does_not_count()
    {
        for (var second = 0; second < 10; second++)
            Pass(0);
        Pass(1_000);

        samples.Rates!.Values.ShouldHaveSingleItem().ShouldBe(1_000);
    }

    [Fact]
    public void Samples_within_the_minimum_interval_are_ignored()
    {
        Pass(0);
        samples.Add(new Dictionary<LogPartition, long> { [Of(0)] = 5 });
        samples.Rates.ShouldBeNull();
        Pass(1_000);
        samples.Add(new Dictionary<LogPartition, long> { [Of(0)] = 1_000 });

        samples.Rates!.Values.ShouldHaveSingleItem().ShouldBe(1_000);
    }

    [Fact]
    public void Eta_is_unknown_without_progress_and_zero_at_the_end()
    {
        Pass(7);
        Pass(7);

        RateSamples.Eta(100, samples.Rates!.Values.Sum()).ShouldBeNull();
        RateSamples.Eta(100, null).ShouldBeNull();
        RateSamples.Eta(null, 5).ShouldBeNull();
        RateSamples.Eta(0, null).ShouldBe(0);
    }

    private void Pass(long passed)
    {
        clock.Advance(Look);
        samples.Add(new Dictionary<LogPartition, long> { [Of(0)] = passed });
    }

    private static LogPartition Of(int partition) => new("shop.events", partition);
}
