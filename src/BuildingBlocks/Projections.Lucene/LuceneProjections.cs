namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Registers Lucene as the store of a projection.</summary>
public static class LuceneProjections
{
    /// <summary>
    /// Stores the rows in a Lucene index on the local disk and starts the projection with the host. Each process has its own copy, below
    /// the setting <c>Stores:Folder</c>, and reads all partitions. Queries use <see cref="ILuceneIndex"/>, a keyed service with the
    /// projection's name as key.
    /// </summary>
    /// <typeparam name="TKey">The key of a row.</typeparam>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="projection">The projection.</param>
    /// <param name="mapping">Maps rows to documents.</param>
    /// <exception cref="InvalidOperationException">The registration is inconsistent.</exception>
    public static void ToLucene<TKey, TRow>(this ProjectionBuilder projection, LuceneMapping<TKey, TRow> mapping)
        where TKey : struct, IEquatable<TKey>
        where TRow : class => projection.To(new LuceneStoreProvider<TKey, TRow>(mapping));
}
