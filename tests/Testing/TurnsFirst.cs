using Xunit.Sdk;
using Xunit.v3;

namespace Monolith.Testing;

/// <summary>
/// Collections with a name of their own begin first: they are classes that take turns at a server, together the longest, and whatever
/// begins last is waited for alone.
/// </summary>
public sealed class TurnsFirst : ITestCollectionOrderer
{
    private const string NameOfClass = "Test collection for ";

    /// <inheritdoc />
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName.StartsWith(NameOfClass, StringComparison.Ordinal))];
}
