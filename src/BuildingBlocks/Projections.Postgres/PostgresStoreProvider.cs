using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Postgres.Channels;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections.Sharing;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>Rows in PostgreSQL, in the schema of the module's query stores.</summary>
internal sealed class PostgresStoreProvider(string module, PostgresTable table, JsonSerializerContext? json) : IProjectionStoreProvider
{
    private readonly string schema = new ReadSchema(module).Name;
    private readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = (IJsonTypeInfoResolver?)json ?? JsonTypeInfoResolver.Combine(),
    };

    public void Check(ProjectionPlan projection)
    {
        // Any projection can be stored; the columns are checked when the store is created.
    }

    public void AddServices(ModuleBuilder module, ProjectionPlan projection)
    {
        module.AddDatabase();
        module.Services.AddSingleton(new ReadSchema(module.Name));
        module.Services.AddKeyedSingleton<IProjectionSnapshots>(projection.Name, (services, _) => new PostgresSnapshots(
            projection.Name, schema, table, services.GetRequiredKeyedService<IGenerationRegistry>(projection.Name)));
        module.AddExchange(
            projection.Name,
            $"{schema}_progress",
            (services, name) => new NotificationChannel(
                services.GetRequiredKeyedService<ModuleDatabase>(module.Name),
                name,
                services.GetRequiredService<ILogger<NotificationChannel>>()));
    }

    public IProjectionStore<TKey, TRow> Create<TKey, TRow>(IServiceProvider services, ProjectionDefinition projection)
        where TKey : struct, IEquatable<TKey>
        where TRow : class => new PostgresStore<TKey, TRow>(
        services.GetRequiredKeyedService<ModuleDatabase>(module).App, schema, projection, table, options);
}
