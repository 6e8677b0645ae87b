using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;
using Monolith.BuildingBlocks.Projections.Sharing;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>Creates Elasticsearch stores.</summary>
internal sealed class ElasticsearchStoreProvider<TKey, TRow>(ElasticsearchMapping<TKey, TRow> mapping) : IProjectionStoreProvider
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    public bool IsRemote => true;

    public void Check(ProjectionPlan projection)
    {
        projection.RequireRows(typeof(TKey), typeof(TRow));
        // Without transactions, each row stores its offset, so all of its events must be in one partition.
        projection.RequireKeyedByStream("Elasticsearch");
    }

    public void AddServices(ModuleBuilder module, ProjectionPlan projection)
    {
        module.Services.TryAddSingleton(new ElasticsearchSettings(module.Configuration));
        module.Services.TryAddSingleton(services => new ElasticsearchClient(
            services.GetRequiredService<ElasticsearchSettings>(), services.GetRequiredService<TimeProvider>()));
        module.Services.AddKeyedSingleton<IElasticsearchIndex>(
            projection.Name,
            (services, _) =>
                ((ElasticsearchStore<TKey, TRow>)services.GetRequiredKeyedService<IProjectionStore<TKey, TRow>>(projection.Name)).Index);
        // Elasticsearch has no notifications, and hosts that share it may have no database.
        module.AddExchange(
            projection.Name,
            $"{module.Name.ToLowerInvariant()}_progress",
            (services, name) => services.GetRequiredService<IEventTransport>().OpenChannel(name));
    }

    public IProjectionStore<TKeyOfFold, TRowOfFold> Create<TKeyOfFold, TRowOfFold>(
        IServiceProvider services, ProjectionDefinition projection)
        where TKeyOfFold : struct, IEquatable<TKeyOfFold>
        where TRowOfFold : class => (IProjectionStore<TKeyOfFold, TRowOfFold>)(object)new ElasticsearchStore<TKey, TRow>(
            projection,
            mapping,
            services.GetRequiredService<ElasticsearchClient>(),
            services.GetRequiredService<ElasticsearchSettings>().Prefix,
            services.GetRequiredService<ILoggerFactory>()
                .CreateLogger($"{typeof(ElasticsearchStoreProvider<,>).Namespace}.{projection.Name}"));
}
