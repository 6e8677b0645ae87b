using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Queries;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>The word for rows in Elasticsearch.</summary>
public static class ElasticsearchProjections
{
    /// <summary>The settings of Elasticsearch.</summary>
    public static IReadOnlyList<Setting> Settings => [ElasticsearchSettings.Address, ElasticsearchSettings.IndexPrefix];

    /// <summary>
    /// Keeps the rows in Elasticsearch (the setting <c>Elasticsearch:Url</c>) and starts the projection with the host. All hosts share them, and the partitions among them. Queries look at them through
    /// <see cref="IElasticsearchIndex"/>, found by the projection's name as key.
    /// </summary>
    /// <typeparam name="TKey">The key of a row.</typeparam>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="projection">The projection; it is keyed by the stream.</param>
    /// <param name="mapping">How a row becomes a document.</param>
    /// <exception cref="InvalidOperationException">The registration contradicts itself, or the projection is not keyed by the stream; the message says how.</exception>
    public static void ToElasticsearch<TKey, TRow>(this ProjectionBuilder projection, ElasticsearchMapping<TKey, TRow> mapping)
        where TKey : struct, IEquatable<TKey>
        where TRow : class => projection.To(new ElasticsearchStoreProvider<TKey, TRow>(mapping));
}
