using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Domain;
using Npgsql;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>Tells a store that is away, has no connection left, or is not built yet, from a bug; whatever kind of store it is.</summary>
internal static class StorageErrors
{
    public static Error Unavailable { get; } = new(
        ErrorKind.Unavailable,
        "storage-unavailable",
        "Storage unavailable",
        "The database cannot be reached for the moment. Whether a change was stored is only certain after reading again.");

    /// <summary>Raised by the view over a read model that has never been built; see the store of projections.</summary>
    private const string NeverBuilt = "MN003";

    public static Error Building { get; } = new(
        ErrorKind.Unavailable,
        "read-model-building",
        "The read model is being built",
        "This read model is being built, for the first time or anew; it answers as soon as it is complete.");

    public static bool IsBuilding(Exception exception) => exception is ReadModelBuildingException or PostgresException { SqlState: NeverBuilt };

    public static bool IsUnavailable(Exception exception)
    {
        // EF Core wraps what the driver throws, once or twice.
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is StorageUnavailableException or NpgsqlException { IsTransient: true })
                return true;
        }

        return false;
    }
}
