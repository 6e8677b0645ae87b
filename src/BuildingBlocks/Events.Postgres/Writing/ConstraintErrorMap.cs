using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>Maps violated constraints of a module's database, such as unique indexes, to errors for the caller.</summary>
/// <typeparam name="TContext">The DbContext of the module.</typeparam>
public sealed class ConstraintErrorMap<TContext>
    where TContext : ModuleDbContext
{
    private readonly Dictionary<string, Func<AggregateRoot, Error>> errors = [];

    /// <summary>Maps a unique index or a check constraint to an error.</summary>
    /// <typeparam name="TAggregate">The aggregate whose row violates the constraint.</typeparam>
    /// <param name="constraint">The name of the index or constraint in the database.</param>
    /// <param name="error">Creates the error for the caller.</param>
    public ConstraintErrorMap<TContext> On<TAggregate>(string constraint, Func<TAggregate, Error> error)
        where TAggregate : AggregateRoot
    {
        errors.Add(constraint, aggregate => error((TAggregate)aggregate));
        return this;
    }

    internal Error? ErrorFor(string? constraint, AggregateRoot aggregate) =>
        constraint is not null && errors.TryGetValue(constraint, out var error) ? error(aggregate) : null;
}
