using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Creates Lucene stores.</summary>
internal sealed class LuceneStoreProvider<TKey, TRow>(LuceneMapping<TKey, TRow> mapping) : IProjectionStoreProvider
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    public void Check(ProjectionPlan projection) => projection.RequireRows(typeof(TKey), typeof(TRow));

    public void AddServices(ModuleBuilder module, ProjectionPlan projection) => module.Services.AddKeyedSingleton<ILuceneIndex>(
        projection.Name,
        (services, _) =>
            ((LuceneStore<TKey, TRow>)services.GetRequiredKeyedService<IProjectionStore<TKey, TRow>>(projection.Name)).Index);

    public IProjectionStore<TKeyOfFold, TRowOfFold> Create<TKeyOfFold, TRowOfFold>(
        IServiceProvider services, ProjectionDefinition projection)
        where TKeyOfFold : struct, IEquatable<TKeyOfFold>
        where TRowOfFold : class => (IProjectionStore<TKeyOfFold, TRowOfFold>)(object)new LuceneStore<TKey, TRow>(
            StoreFolders.Of(services.GetRequiredService<IConfiguration>(), projection.Name),
            projection,
            mapping,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger($"{typeof(LuceneStoreProvider<,>).Namespace}.{projection.Name}"));
}
