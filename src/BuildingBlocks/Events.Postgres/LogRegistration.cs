using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Health;
using Monolith.BuildingBlocks.Events.Postgres.Idempotency;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Monolith.BuildingBlocks.Events.Writing;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Postgres;

namespace Monolith.BuildingBlocks.Events.Postgres;

/// <summary>Registers the write side of a module: its DbContext, its log and its unit of work.</summary>
public static class LogRegistration
{
    private const int DefaultPartitions = 32;
    private const int MaxPartitions = 1024;

    private static readonly Setting<int> Partitions = Setting.WholeNumber(
        "Log:Partitions",
        DefaultPartitions,
        1,
        MaxPartitions,
        "Partitions of a log when it is created. The number cannot be changed later.");

    /// <summary>The settings of logs.</summary>
    public static IReadOnlyList<Setting> Settings { get; } = [Partitions];

    /// <summary>Registers the DbContext and the log of a module.</summary>
    /// <typeparam name="TContext">The DbContext of the module.</typeparam>
    /// <param name="module">The module.</param>
    /// <param name="topic">The name of the log, which is also the name of its topic.</param>
    /// <param name="contracts">The source-generated JSON context of the module's contracts.</param>
    /// <param name="errors">The errors for violated constraints of the database.</param>
    public static void AddLog<TContext>(
        this ModuleBuilder module, string topic, JsonSerializerContext contracts, ConstraintErrorMap<TContext>? errors = null)
        where TContext : ModuleDbContext
    {
        var database = module.AddDatabase();
        var partitions = Partitions.Of(module.Configuration);
        var log = new PostgresLog(database, new EventCatalogue(topic, contracts), partitions);

        module.Services.AddSingleton(log);
        module.Services.AddSingleton<IEventLog>(log);
        module.Services.AddKeyedSingleton(topic, log);
        module.Services.AddKeyedSingleton<IEventLog>(topic, log);
        module.Services.TryAddKeyedSingleton(topic, log.Catalogue);
        module.Services.AddSingleton(errors ?? new ConstraintErrorMap<TContext>());
        module.Services.AddDbContextPool<TContext>(options => options.UseModuleDatabase(database.App, database.Schema));
        module.Services.AddSingleton<IModuleMigration>(services => new ModuleMigration<TContext>(
            log, services.GetServices<ReadSchema>().FirstOrDefault(schema => schema.Module == module.Name)));
        module.Services.AddSingleton<IHostedService>(services => new SchemaCheck<TContext>(
            log, services.GetRequiredService<IServiceScopeFactory>()));
        module.Services.AddKeyedSingleton<IIdempotencyKeys>(module.Name, new IdempotencyKeys(log));
        module.Services.AddSingleton<IHostedService>(services => new IdempotencySweep(
            log, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<IdempotencySweep>>()));
        module.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"postgres:{database.Schema}", new DatabaseHealthCheck(database), HealthStatus.Unhealthy, ["ready"]));
        module.Services.AddKeyedScoped<IUnitOfWork>(module.Name, (services, _) => new UnitOfWork<TContext>(
            services.GetRequiredService<TContext>(),
            log,
            services.GetRequiredService<CommandContext>(),
            services.GetRequiredService<ConstraintErrorMap<TContext>>()));
    }
}
