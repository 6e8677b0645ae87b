using Monolith.Modules.Analytics.Infrastructure.Projections;

namespace Monolith.Analytics.Tests.Infrastructure;

[Trait("Category", "Unit")]
public sealed class StringCacheTests
{
    [Fact]
    public void Equal_strings_share_an_instance_and_different_ones_never_do()
    {
        var cache = new StringCache();
        // More strings than slots.
        for (var i = 0; i < 50_000; i++)
            cache.Of($"P-{i}").ShouldBe($"P-{i}");

        var kept = cache.Of(new string("Tea"));

        cache.Of(new string("Tea")).ShouldBeSameAs(kept);
    }
}
