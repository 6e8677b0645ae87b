using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Folds;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>The counters, with a fold that a test may break or hold up.</summary>
public sealed class SteeredProjection : KeyedProjection<Guid, CounterRow>
{
    private readonly CounterProjection fold = new();

    /// <summary>A number by which a broken fold cannot count.</summary>
    public const long Poison = 13;

    /// <summary>Called before each event; what it throws is what the fold throws.</summary>
    public Action<Event> Before { get; set; } = _ => { };

    /// <summary>A fold that cannot count by <see cref="Poison"/>.</summary>
    public static SteeredProjection Broken() => new() { Before = happened => ThrowAt(happened, Poison) };

    /// <summary>Throws where an event counts by a number.</summary>
    public static void ThrowAt(Event happened, long number)
    {
        if (happened.Data is Counted { By: var by } && by == number)
            throw new InvalidOperationException($"cannot count by {number}");
    }

    public SteeredProjection()
    {
        OnAll("shop.events", fold.KeyOf, Fold);
        OnAll("depot.events", fold.KeyOf, Fold);
    }

    private CounterRow? Fold(Event e, CounterRow? row)
    {
        Before(e);
        return fold.Apply(row, e);
    }
}
