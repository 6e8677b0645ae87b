namespace Monolith.BuildingBlocks.Events.Postgres.Schema;

/// <summary>Brings one module's schema to what this binary needs.</summary>
public interface IModuleMigration
{
    /// <summary>The module's name.</summary>
    string Module { get; }

    /// <summary>
    /// Makes roles and schemas where they are missing, and applies the pending migrations as the owner. Safe to run twice, and from two processes at once.
    /// </summary>
    /// <param name="cancellation">Gives up; what is applied stays applied.</param>
    /// <returns>The names of the migrations that were applied.</returns>
    Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellation);
}
