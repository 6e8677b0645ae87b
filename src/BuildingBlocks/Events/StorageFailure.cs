namespace Monolith.BuildingBlocks.Events;

/// <summary>A temporary failure of a store, which is not a bug.</summary>
public enum StorageFailure
{
    /// <summary>The store cannot be reached, or has no free connection.</summary>
    Unavailable,

    /// <summary>The read model has never been built. Its first build is in progress.</summary>
    Building,
}

/// <summary>Recognizes the exceptions of one driver.</summary>
public interface IStorageFailureClassifier
{
    /// <summary>Classifies an exception, without its inner exceptions.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>The failure; null for every other exception.</returns>
    StorageFailure? Classify(Exception exception);
}

/// <summary>Distinguishes temporary failures of stores from bugs.</summary>
public static class StorageFailures
{
    /// <summary>Classifies an exception and its inner exceptions. Libraries wrap what a driver throws, once or twice.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="classifiers">The classifiers of the drivers.</param>
    /// <returns>The failure; null for every other exception.</returns>
    public static StorageFailure? Of(Exception exception, IEnumerable<IStorageFailureClassifier> classifiers)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is ReadModelBuildingException)
                return StorageFailure.Building;
            if (cause is StorageUnavailableException)
                return StorageFailure.Unavailable;
            foreach (var classifier in classifiers)
            {
                if (classifier.Classify(cause) is { } failure)
                    return failure;
            }
        }

        return null;
    }
}
