using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Events.Histories;

/// <summary>Registers the histories of a module's entities.</summary>
public static class HistoryRegistration
{
    /// <summary>Registers the history of one type of entity.</summary>
    /// <typeparam name="THistory">The fold.</typeparam>
    /// <param name="module">The module whose log has the streams.</param>
    public static void History<THistory>(this ModuleBuilder module)
        where THistory : StreamHistory, new() => module.Services.AddKeyedSingleton<StreamHistory>(module.Name, new THistory());
}
