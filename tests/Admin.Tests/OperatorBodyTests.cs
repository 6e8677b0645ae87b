using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.Admin.Tests;

[Trait("Category", "Unit")]
public sealed class OperatorBodyTests
{
    [Theory]
    [InlineData(null, Promotion.Auto)]
    [InlineData("auto", Promotion.Auto)]
    [InlineData("manual", Promotion.Manual)]
    public void Rebuild_is_promoted_automatically_by_default(string? promote, Promotion expected)
    {
        new RebuildBody(promote).Read().Value.Promote.ShouldBe(expected);
    }

    [Fact]
    public void Snapshot_has_time_and_name_and_is_never_promoted()
    {
        var request = new RebuildBody(null, "2026-03-01T13:00:00+02:00", "end-of-february").Read().Value;

        request.Promote.ShouldBe(Promotion.None);
        request.Until.ShouldBe(new DateTimeOffset(2026, 3, 1, 11, 0, 0, TimeSpan.Zero));
        request.Snapshot.ShouldBe("end-of-february");
    }

    [Theory]
    [InlineData("2026-03-01T11:00:00.123456789Z")]
    [InlineData("2026-03-01t11:00:00.1234567z")]
    public void Snapshot_time_is_cut_to_microseconds(string until) =>
        new RebuildBody(null, until, "s").Read().Value.Until.ShouldBe(new DateTimeOffset(2026, 3, 1, 11, 0, 0, 123, 456, TimeSpan.Zero));

    [Theory]
    [InlineData("AUTO", null, null, "promote")]
    [InlineData("auto", "2026-03-01T11:00:00Z", "s", "promote")]
    [InlineData("manual", "2026-03-01T11:00:00Z", "s", "promote")]
    [InlineData(null, "2026-03-01T11:00:00Z", null, "snapshot")]
    [InlineData(null, null, "s", "until")]
    [InlineData(null, "yesterday", "s", "until")]
    [InlineData(null, "2026-03-01T11:00:00Z", "1st", "snapshot")]
    [InlineData(null, "2026-03-01T11:00:00Z", "", "snapshot")]
    public void Invalid_rebuild_is_refused_by_field(string? promote, string? until, string? snapshot, string field) =>
        Fields(new RebuildBody(promote, until, snapshot).Read().Error).ShouldBe([field]);

    [Fact]
    public void Dead_letters_are_discarded_by_key_with_a_reason()
    {
        new DiscardBody("p", "k", "test data").Validate().ShouldBeNull();
        Fields(new DiscardBody(null, null, " ").Validate()).ShouldBe(["projection", "key", "reason"]);
        Fields(new DiscardBody("p", "k", new string('x', 501)).Validate()).ShouldBe(["reason"]);
        Fields(new RequeueBody(null).Validate()).ShouldBe(["projection"]);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\u0085")]
    public void Control_characters_in_names_are_refused_by_field(string name)
    {
        Fields(new RequeueBody(name, name).Validate()).ShouldBe(["projection", "key"]);
        Fields(new DiscardBody(name, name, "r").Validate()).ShouldBe(["projection", "key"]);
    }

    [Fact]
    public void Names_have_at_most_1000_scalar_values()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 1000));

        new RequeueBody("p", longest).Validate().ShouldBeNull();
        Fields(new RequeueBody("p", longest + "a").Validate()).ShouldBe(["key"]);
        Fields(new RequeueBody("p", "\ud800").Validate()).ShouldBe(["key"]);
    }

    private static IEnumerable<string> Fields(Error? error) => error.ShouldNotBeNull().Fields.ShouldNotBeNull().Keys;
}
