using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Several hosts on one store at the same time, also of different versions; for stores that hosts share.</summary>
public abstract class SharedStoreContract(StoreUnderTest store) : VersionedContract(store)
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Of_two_hosts_one_builds_and_where_it_ends_the_other_takes_over(bool inMemory)
    {
        await WriteHistoryAsync(10, 20_000);
        var options = new ProjectionOptions { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds };
        using var gate = new Gate(15_000);
        var builder = await StartAsync(gate.Fold, options);
        await gate.Reached;
        var folded = 0L;
        var other = await StartAsync(new SteeredProjection { Before = _ => Interlocked.Increment(ref folded) }, options);
        await Eventually.HoldsAsync(TimeSpan.FromSeconds(20), "it has looked", () => other.Status.Registry is not null, Cancellation);
        Volatile.Read(ref folded).ShouldBe(0);

        await EndAsync(builder, gate);

        await other.UntilAsync(1, GenerationState.Live);
        await other.UntilCurrentAsync();
        Volatile.Read(ref folded).ShouldBeGreaterThan(0);
        await ShouldBeTheTruthAsync(other, 1);
    }

    [Fact]
    public async Task A_host_that_lost_the_build_to_another_writes_nothing_more()
    {
        await WriteHistoryAsync(10, 20_000);
        using var gate = new Gate(15_000);
        var frozen = await StartAsync(gate.Fold, new() { Limits = ProjectionOptions.InRounds });
        await gate.Reached;
        // Its fold stands still, and so it does not notice; another host thinks that it is gone. Where the first comes first once more, its
        // claim runs out once more.
        await ExpireClaimsAsync();
        var folded = 0L;
        var other = await StartAsync(
            new SteeredProjection { Before = _ => Interlocked.Increment(ref folded) }, new() { Limits = ProjectionOptions.InRounds });
        await Eventually.HoldsAsync(
            TimeSpan.FromMinutes(2),
            async () =>
            {
                try
                {
                    await Eventually.HoldsAsync(
                        TimeSpan.FromSeconds(10),
                        "the other host has taken the build over",
                        () => Volatile.Read(ref folded) > 0,
                        Cancellation);
                    return null;
                }
                catch (TimeoutException late)
                {
                    await ExpireClaimsAsync();
                    return late.Message;
                }
            },
            Cancellation);
        await other.UntilAsync(1, GenerationState.Live);
        gate.Open();

        await Writer.CountAsync(SampleWriter.Streams(1), 3);
        await other.UntilCurrentAsync();
        await ShouldBeTheTruthAsync(other, 1);
        await frozen.DisposeAsync();
        await Writer.CountAsync(SampleWriter.Streams(1), 3);
        await other.UntilCurrentAsync();
        await ShouldBeTheTruthAsync(other, 1);
    }

    [Fact]
    public async Task Side_by_side_the_older_keeps_its_own_current_and_leaves_the_newer_alone()
    {
        await WriteHistoryAsync(5, 1_000);
        var older = await StartLiveAsync();
        using var gate = new VersionGate();
        var newer = await StartNewerAsync(gate);
        await gate.Reached;
        gate.LetOthersPass();

        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await older.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        gate.Open();
        await newer.UntilAsync(2, GenerationState.Live);
        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await newer.UntilCurrentAsync();

        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        await Eventually.HoldsAsync(
            Patience, "the older host owns nothing", () => older.Status is { Generation: 2, Partitions.Count: 0 }, Cancellation);
        (await older.RegistryAsync()).Generations.Count.ShouldBe(2, "it begins no rebuild of its own");
        (await older.HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
    }

    [Fact]
    public async Task What_was_rolled_back_is_not_built_again_by_the_newer_host()
    {
        await WriteHistoryAsync(2, 200);
        var older = await StartLiveAsync();
        var newer = await StartNewerAsync(null);
        await newer.UntilAsync(2, GenerationState.Live);
        await older.UntilEndedAsync(await older.Control.RollbackAsync(Operator, Cancellation));
        await newer.DisposeAsync();

        var again = await StartNewerAsync(null);
        await Eventually.HoldsAsync(Patience, "it knows what is live", () => again.Status.Generation == 1, Cancellation);
        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await older.UntilCurrentAsync();

        (await again.RegistryAsync()).Generations.Count.ShouldBe(2);
        (await again.HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
        (await again.Control.RollbackAsync(Operator, Cancellation)).Error.ShouldBeNull();
        await again.UntilAsync(2, GenerationState.Live);
        await again.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Verify_asks_for_a_host_of_the_live_version()
    {
        var older = await StartLiveAsync();
        var newer = await StartNewerAsync(null);
        await newer.UntilAsync(2, GenerationState.Live);

        (await older.Control.VerifyAsync(Operator, Cancellation)).Error!.Slug.ShouldBe("generation-version");
        (await older.Control.PromoteAsync(2, Operator, Cancellation)).Error!.Slug.ShouldBe("generation-state");
        (await newer.Control.PromoteAsync(1, Operator, Cancellation)).Error!.Slug.ShouldBe("generation-version");
    }

    /// <summary>As if whoever builds had not been heard of for long.</summary>
    protected abstract Task ExpireClaimsAsync();
}
