using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Creates DuckDB stores.</summary>
internal sealed class DuckDbStoreProvider<TKey, TRow>(DuckDbTables<TKey, TRow> tables) : IProjectionStoreProvider
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    public void Check(ProjectionPlan projection) => projection.RequireRows(typeof(TKey), typeof(TRow));

    public void AddServices(ModuleBuilder module, ProjectionPlan projection)
    {
        module.Services.TryAddSingleton(new DuckDbSettings(module.Configuration));
        module.Services.TryAddSingleton<DuckDbInstance>();
        module.Services.TryAddSingleton<IDuckDbReads, DuckDbReads>();
        module.Services.TryAddSingleton<IParquetRows, ParquetRowsFactory>();
        module.Services.AddKeyedSingleton(projection.Name, (services, _) => new DuckDbRows<TKey, TRow>(
            services.GetRequiredService<DuckDbInstance>(),
            StoreFolders.Of(module.Configuration, projection.Name),
            services.GetRequiredKeyedService<ProjectionDefinition>(projection.Name),
            tables,
            services.GetRequiredService<TimeProvider>()));
        module.Services.AddKeyedSingleton<IDuckDbGenerations>(
            projection.Name, (services, _) => services.GetRequiredKeyedService<DuckDbRows<TKey, TRow>>(projection.Name));
    }

    public IProjectionStore<TKeyOfFold, TRowOfFold> Create<TKeyOfFold, TRowOfFold>(
        IServiceProvider services, ProjectionDefinition projection)
        where TKeyOfFold : struct, IEquatable<TKeyOfFold>
        where TRowOfFold : class => (IProjectionStore<TKeyOfFold, TRowOfFold>)(object)new DuckDbStore<TKey, TRow>(
            services.GetRequiredService<DuckDbInstance>(),
            projection,
            tables,
            services.GetRequiredKeyedService<DuckDbRows<TKey, TRow>>(projection.Name));
}
