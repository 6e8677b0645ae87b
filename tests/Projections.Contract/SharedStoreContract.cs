using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Several hosts on one store at the same time, also with different versions; for stores that hosts share.</summary>
public abstract class SharedStoreContract(StoreUnderTest store) : VersionedContract(store)
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Second_host_takes_over_the_build_of_a_stopped_host(bool inMemory)
    {
        await WriteHistoryAsync(10, 20_000);
        var options = new ProjectionOptions { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds };
        using var gate = new Gate(15_000);
        var builder = await StartAsync(gate.Fold, options);
        await gate.Reached;
        var folded = 0L;
        var other = await StartAsync(new SteeredProjection { Before = _ => Interlocked.Increment(ref folded) }, options);
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20), "the registry is read", () => other.Status.Registry is not null, Cancellation);
        Volatile.Read(ref folded).ShouldBe(0);

        await EndAsync(builder, gate);

        await other.UntilAsync(1, GenerationState.Live);
        await other.UntilCurrentAsync();
        Volatile.Read(ref folded).ShouldBeGreaterThan(0);
        await ShouldMatchLogAsync(other, 1);
    }

    [Fact]
    public async Task Host_that_lost_its_build_claim_writes_nothing()
    {
        await WriteHistoryAsync(10, 20_000);
        using var gate = new Gate(15_000);
        var frozen = await StartAsync(gate.Fold, new() { Limits = ProjectionOptions.InRounds });
        await gate.Reached;
        // The blocked fold does not notice that its claim has expired. If it renews the claim before the other host acquires it, the
        // claim is expired again.
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
                        "the other host has taken over the build",
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
        await ShouldMatchLogAsync(other, 1);
        await frozen.DisposeAsync();
        await Writer.CountAsync(SampleWriter.Streams(1), 3);
        await other.UntilCurrentAsync();
        await ShouldMatchLogAsync(other, 1);
    }

    [Fact]
    public async Task Older_host_ignores_the_generation_of_a_newer_host()
    {
        await WriteHistoryAsync(5, 1_000);
        var older = await StartLiveAsync();
        using var gate = new VersionGate();
        var newer = await StartNewerAsync(gate);
        await gate.Reached;
        gate.LetOthersPass();

        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await older.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        gate.Open();
        await newer.UntilAsync(2, GenerationState.Live);
        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await newer.UntilCurrentAsync();

        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        await Eventually.HoldsAsync(
            Timeout, "the older host owns nothing", () => older.Status is { Generation: 2, Partitions.Count: 0 }, Cancellation);
        (await older.RegistryAsync()).Generations.Count.ShouldBe(2, "the older host starts no rebuild");
        (await older.HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
    }

    [Fact]
    public async Task Newer_host_does_not_rebuild_after_a_rollback()
    {
        await WriteHistoryAsync(2, 200);
        var older = await StartLiveAsync();
        var newer = await StartNewerAsync(null);
        await newer.UntilAsync(2, GenerationState.Live);
        await older.UntilEndedAsync(await older.Control.RollbackAsync(Operator, Cancellation));
        await newer.DisposeAsync();

        var again = await StartNewerAsync(null);
        await Eventually.HoldsAsync(Timeout, "the live generation is known", () => again.Status.Generation == 1, Cancellation);
        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await older.UntilCurrentAsync();

        (await again.RegistryAsync()).Generations.Count.ShouldBe(2);
        (await again.HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
        (await again.Control.RollbackAsync(Operator, Cancellation)).Error.ShouldBeNull();
        await again.UntilAsync(2, GenerationState.Live);
        await again.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Verify_requires_a_host_of_the_live_version()
    {
        var older = await StartLiveAsync();
        var newer = await StartNewerAsync(null);
        await newer.UntilAsync(2, GenerationState.Live);

        (await older.Control.VerifyAsync(Operator, Cancellation)).Error!.Slug.ShouldBe("generation-version");
        (await older.Control.PromoteAsync(2, Operator, Cancellation)).Error!.Slug.ShouldBe("generation-state");
        (await newer.Control.PromoteAsync(1, Operator, Cancellation)).Error!.Slug.ShouldBe("generation-version");
    }

    /// <summary>Makes the claims of builds expire.</summary>
    protected abstract Task ExpireClaimsAsync();
}
