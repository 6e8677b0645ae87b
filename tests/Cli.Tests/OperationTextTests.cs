using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Cli.Admin;
using Monolith.Cli.Output;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class OperationTextTests
{
    private static readonly Operation Rebuild = new(
        Guid.NewGuid(), "rebuild", "orders.customers", 2, "ada", OperationState.Running, null, null, DateTimeOffset.UnixEpoch, null);

    [Fact]
    public void Progress_has_state_events_rate_and_time_left()
    {
        var step = OperationText.StepOf(Rebuild, Generation(applied: 2500, total: 10000));
        step.Text.ShouldBe("rebuild of orders.customers: g2 building, 2,500 of 10,000 events (25 %), 1,500/s, 5 s left");
        (step.Fraction, step.Milestone).ShouldBe((0.25, "building 25 %"));
    }

    [Fact]
    public void Progress_has_the_reason_of_a_waiting_rebuild() =>
        OperationText.StepOf(Rebuild, Generation(applied: 0, total: 20) with { Reason = "records were deleted" }).Text
            .ShouldBe("rebuild of orders.customers: g2 building, 0 of 20 events (0 %), 1,500/s, 5 s left; it waits: records were deleted");

    [Fact]
    public void Rebuild_without_events_is_complete() =>
        OperationText.StepOf(Rebuild, Generation(applied: 0, total: 0)).Fraction.ShouldBe(1);

    [Fact]
    public void Operation_without_generation_has_no_fraction() => OperationText.StepOf(Rebuild, null).Fraction.ShouldBeNull();

    [Fact]
    public void Ended_operation_is_one_line()
    {
        var lines = OperationText.Blocks(Rebuild with { State = OperationState.Done, Detail = "generation 2 is live" }, null);
        lines.ShouldHaveSingleItem().ShouldBe(new Block.Line("rebuild of orders.customers (g2) is done: generation 2 is live"));
    }

    private static GenerationReport Generation(long applied, long total) => new(
        2, 1, GenerationState.Building, Promotion.Auto, applied, total, 1500, 5, total - applied, 1, 0,
        DateTimeOffset.UnixEpoch, null, null, null, null, null, []);
}
