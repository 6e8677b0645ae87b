using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Tests.Admin;

[Trait("Height", "Unit")]
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
}
