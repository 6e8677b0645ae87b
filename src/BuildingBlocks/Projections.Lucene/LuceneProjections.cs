namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>The word for rows in an index.</summary>
public static class LuceneProjections
{
    /// <summary>
    /// Keeps the rows in a Lucene index on this machine and starts the projection with the host. Each process that does so has a copy of its own, in its own folder (the setting <c>Stores:Folder</c>), and
    /// follows all partitions by itself. Queries look at it through <see cref="ILuceneIndex"/>, found by the projection's name as key.
    /// </summary>
    /// <typeparam name="TKey">The key of a row.</typeparam>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="projection">The projection.</param>
    /// <param name="mapping">How a row becomes a document.</param>
    /// <exception cref="InvalidOperationException">The registration contradicts itself; the message says how.</exception>
    public static void ToLucene<TKey, TRow>(this ProjectionBuilder projection, LuceneMapping<TKey, TRow> mapping)
        where TKey : struct, IEquatable<TKey>
        where TRow : class => projection.To(new LuceneStoreProvider<TKey, TRow>(mapping));
}
