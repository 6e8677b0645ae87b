using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>Registers Elasticsearch as the store of a projection.</summary>
public static class ElasticsearchProjections
{
    /// <summary>The settings of Elasticsearch.</summary>
    public static IReadOnlyList<Setting> Settings => [ElasticsearchSettings.Address, ElasticsearchSettings.IndexPrefix];

    /// <summary>
    /// Stores the rows in Elasticsearch (the setting <c>Elasticsearch:Url</c>) and starts the projection with the host. All hosts share the
    /// rows, and divide the partitions. Queries use <see cref="IElasticsearchIndex"/>, a keyed service with the projection's name as key.
    /// </summary>
    /// <typeparam name="TKey">The key of a row.</typeparam>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="projection">The projection; must be keyed by stream.</param>
    /// <param name="mapping">Maps rows to documents.</param>
    /// <exception cref="InvalidOperationException">The registration is inconsistent, or the projection is not keyed by stream.</exception>
    public static void ToElasticsearch<TKey, TRow>(this ProjectionBuilder projection, ElasticsearchMapping<TKey, TRow> mapping)
        where TKey : struct, IEquatable<TKey>
        where TRow : class => projection.To(new ElasticsearchStoreProvider<TKey, TRow>(mapping));
}
