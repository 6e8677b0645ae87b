using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Running;

namespace Monolith.BuildingBlocks.Projections;

/// <summary>Registers a module's projections.</summary>
public static class ProjectionRegistration
{
    /// <summary>The settings of projections and their stores.</summary>
    public static IReadOnlyList<Setting> Settings => [ProjectionSettings.KeepRetired, StoreFolders.Folder];

    /// <summary>
    /// Makes the events of another module's log known, by its Contracts alone; call it before what folds them is registered.
    /// </summary>
    /// <param name="module">The module that reads.</param>
    /// <param name="topic">The log, by the name of its topic.</param>
    /// <param name="contracts">The JSON context of the Contracts.</param>
    public static void ReadsLog(this ModuleBuilder module, string topic, JsonSerializerContext contracts) =>
        module.Services.TryAddKeyedSingleton(topic, new EventCatalogue(topic, contracts));

    /// <summary>Begins the registration of a projection.</summary>
    /// <typeparam name="TProjection">Its fold: a <see cref="Folds.KeyedProjection{TKey, TRow}"/> without state.</typeparam>
    /// <param name="module">The module that owns it.</param>
    /// <param name="name">Its stable name (<c>orders.customers</c>).</param>
    /// <param name="version">The version of the fold.</param>
    public static ProjectionBuilder Projection<TProjection>(this ModuleBuilder module, string name, int version)
        where TProjection : class, new() => new(module, new TProjection(), name, version);
}
