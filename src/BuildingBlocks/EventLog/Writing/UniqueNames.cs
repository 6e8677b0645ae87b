using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.EventLog.Writing;

/// <summary>The rules of a module that only a unique index can hold: what to tell the caller whom the index refuses.</summary>
/// <typeparam name="TContext">The module's context.</typeparam>
public sealed class UniqueNames<TContext>
    where TContext : ModuleDbContext
{
    private readonly Dictionary<string, Func<AggregateRoot, Error>> errors = [];

    /// <summary>Names the error for a unique index.</summary>
    /// <typeparam name="TAggregate">The aggregate whose row the index refuses.</typeparam>
    /// <param name="index">The index, as it is called in the database.</param>
    /// <param name="error">What to tell the caller.</param>
    public UniqueNames<TContext> On<TAggregate>(string index, Func<TAggregate, Error> error)
        where TAggregate : AggregateRoot
    {
        errors.Add(index, aggregate => error((TAggregate)aggregate));
        return this;
    }

    internal Error? ErrorFor(string? index, AggregateRoot aggregate) =>
        index is not null && errors.TryGetValue(index, out var error) ? error(aggregate) : null;
}
