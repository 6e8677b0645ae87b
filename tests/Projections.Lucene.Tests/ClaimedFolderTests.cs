using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>A folder belongs to one process.</summary>
[Trait("Category", "Module")]
public sealed class ClaimedFolderTests() : GenerationContract(new LuceneUnderTest())
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_second_process_is_refused_in_plain_words_and_goes_on_when_the_first_is_gone()
    {
        await WriteHistoryAsync(5, 1_000);
        var first = await StartLiveAsync();

        var second = await StartAsync();
        await Eventually.HoldsAsync(Patience, () => Task.FromResult(second.Status.Problem is null ? "no problem yet" : null), Cancellation);
        second.Status.Problem!.ShouldContain("is in use by another running process");
        (await second.HealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
        await first.UntilCurrentAsync();
        await first.DisposeAsync();

        await second.UntilCurrentAsync();
        await ShouldBeTheTruthAsync(second, 1);
        second.Status.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Its_instance_stays_the_same_from_start_to_start()
    {
        var first = await StartLiveAsync();
        var instance = first.Store.Registry.Instance.ShouldNotBeNull();
        await first.DisposeAsync();

        var second = await StartAsync();
        await second.UntilCurrentAsync();

        second.Store.Registry.Instance.ShouldBe(instance);
        instance.Length.ShouldBe(8);
        SampleProjections.SideBySide().GroupOf(3, instance).ShouldBe($"monolith.shop.counters.g3.{instance}");
    }
}
