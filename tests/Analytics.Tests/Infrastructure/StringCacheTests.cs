using Monolith.Modules.Analytics.Infrastructure.Projections;

namespace Monolith.Analytics.Tests.Infrastructure;

[Trait("Category", "Unit")]
public sealed class StringCacheTests
{
    [Fact]
    public void Copies_of_a_word_become_one_and_no_word_becomes_another()
    {
        var pool = new StringCache();
        // More words than it has places, so that some take the place of others.
        for (var i = 0; i < 50_000; i++)
            pool.Of($"P-{i}").ShouldBe($"P-{i}");

        var kept = pool.Of(new string("Tea"));

        pool.Of(new string("Tea")).ShouldBeSameAs(kept);
    }
}
