using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>Rows in PostgreSQL, in the schema of the module's query stores.</summary>
internal sealed class PostgresKind(string module, PostgresTable table, JsonSerializerContext? json) : IStoreKind
{
    private readonly string schema = new ReadSchema(module).Name;
    private readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web) { TypeInfoResolver = (IJsonTypeInfoResolver?)json ?? JsonTypeInfoResolver.Combine() };

    public void Check(ProjectionPlan projection)
    {
        // Columns are looked at when the store is made: whatever the fold, there is a table for it.
    }

    public void AddServices(ModuleBuilder module, ProjectionPlan projection)
    {
        module.AddDatabase();
        module.Services.AddSingleton(new ReadSchema(module.Name));
        module.Services.AddKeyedSingleton<IProjectionSnapshots>(
            projection.Name, (services, _) => new PostgresSnapshots(projection.Name, schema, table, services.GetRequiredKeyedService<IGenerationRegistry>(projection.Name)));
        AddExchange(module, projection);
    }

    public IProjectionStore<TKey, TRow> Create<TKey, TRow>(IServiceProvider services, ProjectionDefinition projection)
        where TKey : struct, IEquatable<TKey>
        where TRow : class => new PostgresStore<TKey, TRow>(services.GetRequiredKeyedService<ModuleDatabase>(module).App, schema, projection, table, options);

    // One connection listens for all projections of the module.
    private void AddExchange(ModuleBuilder module, ProjectionPlan projection)
    {
        var isFirst = !module.Services.Any(service => service.ServiceType == typeof(ProgressLine) && module.Name.Equals(service.ServiceKey));
        module.Services.AddKeyedSingleton(
            module.Name, (services, _) => new ProgressLine(services.GetRequiredKeyedService<ProjectionStatus>(projection.Name), services.GetRequiredService<TimeProvider>()));
        if (isFirst)
        {
            module.Services.AddSingleton<IHostedService>(services => new ProgressExchange(
                services.GetRequiredKeyedService<ModuleDatabase>(module.Name), schema, services.GetKeyedServices<ProgressLine>(module.Name), services.GetRequiredService<ILogger<ProgressExchange>>()));
        }
    }
}
