using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Rebuilds;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class WrittenKeyFilterTests
{
    // More keys than the first two filters hold.
    private const int Many = 300_000;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Filter_has_no_false_negatives_and_few_false_positives()
    {
        var keys = new WrittenKeyFilter<Guid>();
        keys.IsEmpty.ShouldBeTrue();
        var written = Enumerable.Range(0, Many).Select(i => Guid.CreateVersion7(Start.AddMilliseconds(i))).ToArray();

        foreach (var key in written)
            keys.Add(key);

        keys.IsEmpty.ShouldBeFalse();
        written.Count(keys.MayContain).ShouldBe(Many);
        // Ids of the same millisecond differ only in their random part. Six false positives are expected.
        Enumerable.Range(0, Many).Count(i => keys.MayContain(Guid.CreateVersion7(Start.AddMilliseconds(i)))).ShouldBeLessThan(60);
    }

    [Fact]
    public void Keys_of_any_kind_are_remembered()
    {
        var keys = new WrittenKeyFilter<TextKey>();

        for (var i = 0; i < 1_000; i++)
            keys.Add(TextKey.From($"domain-{i}.example"));

        Enumerable.Range(0, 1_000).ShouldAllBe(i => keys.MayContain(TextKey.From($"domain-{i}.example")));
        keys.MayContain(TextKey.From("elsewhere.example")).ShouldBeFalse();
    }
}
