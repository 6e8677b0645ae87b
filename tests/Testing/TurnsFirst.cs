using Xunit.Sdk;
using Xunit.v3;

namespace Monolith.Testing;

/// <summary>
/// Starts named collections first. Their classes share a server and run sequentially, which takes the longest; started last, they would
/// run alone at the end.
/// </summary>
public sealed class TurnsFirst : ITestCollectionOrderer
{
    private const string NameOfClass = "Test collection for ";

    /// <inheritdoc />
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName.StartsWith(NameOfClass, StringComparison.Ordinal))];
}
