using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>The rules of a module that only the database can hold, by a unique index or a guard: what to tell the caller whom it refuses.</summary>
/// <typeparam name="TContext">The module's context.</typeparam>
public sealed class ConstraintErrorMap<TContext>
    where TContext : ModuleDbContext
{
    private readonly Dictionary<string, Func<AggregateRoot, Error>> errors = [];

    /// <summary>Names the error for a unique index or a guard.</summary>
    /// <typeparam name="TAggregate">The aggregate whose row is refused.</typeparam>
    /// <param name="constraint">The index or guard, as it is called in the database.</param>
    /// <param name="error">What to tell the caller.</param>
    public ConstraintErrorMap<TContext> On<TAggregate>(string constraint, Func<TAggregate, Error> error)
        where TAggregate : AggregateRoot
    {
        errors.Add(constraint, aggregate => error((TAggregate)aggregate));
        return this;
    }

    internal Error? ErrorFor(string? constraint, AggregateRoot aggregate) =>
        constraint is not null && errors.TryGetValue(constraint, out var error) ? error(aggregate) : null;
}
