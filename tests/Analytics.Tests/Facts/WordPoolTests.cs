using Monolith.Modules.Analytics.Facts;

namespace Monolith.Analytics.Tests.Facts;

[Trait("Category", "Unit")]
public sealed class WordPoolTests
{
    [Fact]
    public void Copies_of_a_word_become_one_and_no_word_becomes_another()
    {
        var pool = new WordPool();
        // More words than it has places, so that some take the place of others.
        for (var i = 0; i < 50_000; i++)
            pool.Of($"P-{i}").ShouldBe($"P-{i}");

        var kept = pool.Of(new string("Tea"));

        pool.Of(new string("Tea")).ShouldBeSameAs(kept);
    }
}
