using Monolith.BuildingBlocks.Events;
using Npgsql;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>Recognizes the exceptions of Npgsql.</summary>
public sealed class NpgsqlFailureClassifier : IStorageFailureClassifier
{
    /// <summary>The SQLSTATE that the view of a read model raises until the read model has been built.</summary>
    public const string NeverBuilt = "MN003";

    /// <inheritdoc />
    public StorageFailure? Classify(Exception exception) => exception switch
    {
        PostgresException { SqlState: NeverBuilt } => StorageFailure.Building,
        NpgsqlException { IsTransient: true } => StorageFailure.Unavailable,
        _ => null,
    };
}
