using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>A folder belongs to one process.</summary>
[Trait("Category", "Module")]
public sealed class ClaimedFolderTests() : GenerationContract(new LuceneUnderTest())
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Second_process_is_refused_until_the_first_ends()
    {
        await WriteHistoryAsync(5, 1_000);
        var first = await StartLiveAsync();

        var second = await StartAsync();
        await Eventually.HoldsAsync(Timeout, () => Task.FromResult(second.Status.Problem is null ? "no problem yet" : null), Cancellation);
        second.Status.Problem!.ShouldContain("is in use by another running process");
        (await second.HealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
        await first.UntilCurrentAsync();
        await first.DisposeAsync();

        await second.UntilCurrentAsync();
        await ShouldMatchLogAsync(second, 1);
        second.Status.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Instance_id_is_stable_across_restarts()
    {
        var first = await StartLiveAsync();
        var instance = first.Store.Registry.Instance.ShouldNotBeNull();
        await first.DisposeAsync();

        var second = await StartAsync();
        await second.UntilCurrentAsync();

        second.Store.Registry.Instance.ShouldBe(instance);
        instance.Length.ShouldBe(8);
        SampleProjections.Concurrent().GroupOf(3, instance).ShouldBe($"monolith.shop.counters.g3.{instance}");
    }
}
