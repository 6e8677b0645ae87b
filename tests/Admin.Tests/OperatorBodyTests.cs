using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.Admin.Tests;

[Trait("Category", "Unit")]
public sealed class OperatorBodyTests
{
    [Theory]
    [InlineData(null, Promotion.Auto)]
    [InlineData("auto", Promotion.Auto)]
    [InlineData("manual", Promotion.Manual)]
    public void A_rebuild_is_promoted_by_itself_unless_said(string? said, Promotion meant)
    {
        new RebuildBody(said).Read().Value.Promote.ShouldBe(meant);
    }

    [Fact]
    public void A_snapshot_has_a_time_and_a_name_and_is_never_promoted()
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
    public void What_a_rebuild_cannot_mean_is_refused_by_field(string? promote, string? until, string? snapshot, string field)
    {
        new RebuildBody(promote, until, snapshot).Read().Error.ShouldNotBeNull().Fields.ShouldNotBeNull().Keys.ShouldBe([field]);
    }

    [Fact]
    public void Events_are_given_up_by_key_and_with_a_reason()
    {
        new DiscardBody("p", "k", "test data").Fault().ShouldBeNull();
        new DiscardBody(null, null, " ").Fault().ShouldNotBeNull().Fields.ShouldNotBeNull().Keys.ShouldBe(["projection", "key", "reason"]);
        new DiscardBody("p", "k", new string('x', 501)).Fault().ShouldNotBeNull().Fields.ShouldNotBeNull().Keys.ShouldBe(["reason"]);
        new RequeueBody(null).Fault().ShouldNotBeNull().Fields.ShouldNotBeNull().Keys.ShouldBe(["projection"]);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\u0085")]
    public void Control_characters_in_names_are_refused_by_field(string name)
    {
        new RequeueBody(name, name).Fault().ShouldNotBeNull().Fields.ShouldNotBeNull().Keys.ShouldBe(["projection", "key"]);
        new DiscardBody(name, name, "r").Fault().ShouldNotBeNull().Fields.ShouldNotBeNull().Keys.ShouldBe(["projection", "key"]);
    }

    [Fact]
    public void Names_have_at_most_1000_scalar_values()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 1000));

        new RequeueBody("p", longest).Fault().ShouldBeNull();
        new RequeueBody("p", longest + "a").Fault().ShouldNotBeNull().Fields.ShouldNotBeNull().Keys.ShouldBe(["key"]);
        new RequeueBody("p", "\ud800").Fault().ShouldNotBeNull().Fields.ShouldNotBeNull().Keys.ShouldBe(["key"]);
    }
}
