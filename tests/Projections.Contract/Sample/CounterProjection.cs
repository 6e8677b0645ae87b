using Monolith.BuildingBlocks.Projections.Folds;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

public sealed record CounterRow(Guid CounterId, long Total, int Events, string? Name);

/// <summary>
/// The counters of the shop. The fold throws if an event counts by a negative number.
/// </summary>
public class ShopCounterProjection : KeyedProjection<Guid, CounterRow>
{
    public ShopCounterProjection()
    {
        On<Counted>(e => e.CounterId, (e, row) => e.By < 0
            ? throw new InvalidOperationException("counted by less than nothing")
            : Count(row, e.CounterId, e.By));
        On<Named>(e => e.CounterId, (e, row) => (row ?? new CounterRow(e.CounterId, 0, 0, null)) with { Name = e.Name });
        On<Removed>(e => e.CounterId, (_, _) => null);
    }

    protected static CounterRow Count(CounterRow? row, Guid counter, long by) =>
        row is null ? new CounterRow(counter, by, 1, null) : row with { Total = row.Total + by, Events = row.Events + 1 };
}

/// <summary>The counters of the shop and the depot.</summary>
public sealed class CounterProjection : ShopCounterProjection
{
    public CounterProjection() => On<Stocked>(e => e.CounterId, (e, row) => Count(row, e.CounterId, e.By));
}
