using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Folds;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

internal sealed record CounterRow(Guid CounterId, long Total, int Events, string? Name);

/// <summary>The counters as they stand. By a negative number a counter cannot be counted: that is the event which this fold cannot apply.</summary>
internal sealed class CounterProjection : KeyedProjection<Guid, CounterRow>
{
    public override Guid? KeyOf(Event e) => e.Data switch
    {
        Counted counted => counted.CounterId,
        Named named => named.CounterId,
        Removed removed => removed.CounterId,
        Stocked stocked => stocked.CounterId,
        _ => null,
    };

    public override CounterRow? Apply(CounterRow? row, Event e) => e.Data switch
    {
        Counted { By: < 0 } => throw new InvalidOperationException("counted by less than nothing"),
        Counted counted => Count(row, counted.CounterId, counted.By),
        Stocked stocked => Count(row, stocked.CounterId, stocked.By),
        Named named => (row ?? new CounterRow(named.CounterId, 0, 0, null)) with { Name = named.Name },
        Removed => null,
        _ => row,
    };

    private static CounterRow Count(CounterRow? row, Guid counter, long by) =>
        row is null ? new CounterRow(counter, by, 1, null) : row with { Total = row.Total + by, Events = row.Events + 1 };
}
