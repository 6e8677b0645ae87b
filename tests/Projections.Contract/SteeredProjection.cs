using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Folds;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>The counters, with a fold that a test can break or block.</summary>
public sealed class SteeredProjection : KeyedProjection<Guid, CounterRow>
{
    private readonly CounterProjection fold = new();

    /// <summary>The number that a broken fold refuses.</summary>
    public const long Poison = 13;

    /// <summary>Called before each event. The fold throws what it throws.</summary>
    public Action<Event> Before { get; set; } = _ => { };

    /// <summary>A fold that throws for <see cref="Poison"/>.</summary>
    public static SteeredProjection Broken() => new() { Before = happened => ThrowAt(happened, Poison) };

    /// <summary>Throws if an event counts by a number.</summary>
    public static void ThrowAt(Event happened, long number)
    {
        if (happened.Data is Counted { By: var by } && by == number)
            throw new InvalidOperationException($"cannot count by {number}");
    }

    public SteeredProjection()
    {
        On<Counted>(e => e.CounterId, (_, row, e) => Fold(e, row));
        On<Named>(e => e.CounterId, (_, row, e) => Fold(e, row));
        On<Removed>(e => e.CounterId, (_, row, e) => Fold(e, row));
        On<Stocked>(e => e.CounterId, (_, row, e) => Fold(e, row));
    }

    private CounterRow? Fold(Event e, CounterRow? row)
    {
        Before(e);
        return fold.Apply(row, e);
    }
}
