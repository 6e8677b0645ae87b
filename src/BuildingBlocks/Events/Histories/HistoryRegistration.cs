using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Events.Histories;

/// <summary>Tells how the entities of a module are folded from their streams.</summary>
public static class HistoryRegistration
{
    /// <summary>Registers the fold of one kind of entity.</summary>
    /// <typeparam name="THistory">The fold.</typeparam>
    /// <param name="module">The module whose log has the streams.</param>
    public static void History<THistory>(this ModuleBuilder module)
        where THistory : StreamHistory, new() => module.Services.AddKeyedSingleton<StreamHistory>(module.Name, new THistory());
}
