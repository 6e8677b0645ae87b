using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Reactors;

namespace Monolith.Reactors.Tests;

[Trait("Category", "Unit")]
public sealed class ReactionTests
{
    [Fact]
    public void Idempotency_key_is_equal_for_attempts_and_unique_otherwise()
    {
        KeyOf("shop.recorder", 1).ShouldBe(KeyOf("shop.recorder", 1));
        KeyOf("shop.recorder", 2).ShouldNotBe(KeyOf("shop.recorder", 1));
        KeyOf("shop.other", 1).ShouldNotBe(KeyOf("shop.recorder", 1));
    }

    [Fact]
    public void Idempotency_key_is_stable_across_releases() =>
        KeyOf("shop.recorder", 1).ShouldBe(Guid.Parse("cbfdb47f-d51a-8bfd-8bcb-fad64e3e5ae3"));

    [Fact]
    public void Idempotency_key_is_a_UUID_of_version_8()
    {
        KeyOf("shop.recorder", 1).Version.ShouldBe(8);
        (KeyOf("shop.recorder", 1).Variant & 0xC).ShouldBe(0x8);
    }

    private static Guid KeyOf(string reactor, long offset)
    {
        var counted = new Counted(SampleRecords.CounterOf(0), 1);
        return new Reaction(
            reactor,
            new Event(SampleRecords.Of(counted, offset), counted),
            new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>()).IdempotencyKey;
    }
}
