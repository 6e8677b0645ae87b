using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Web.Modules;

/// <summary>
/// A module is one class: what it needs and what it answers to. Everything else of it is internal, and other modules see its Contracts alone.
/// </summary>
public interface IModule
{
    /// <summary>The module's name as configuration has it (<c>Customers</c>).</summary>
    string Name { get; }

    /// <summary>The settings that the module alone reads.</summary>
    IReadOnlyList<Setting> Settings => [];

    /// <summary>Registers the module's use cases, log, projections and stores.</summary>
    /// <param name="module">Where to register.</param>
    void AddServices(ModuleBuilder module);

    /// <summary>Maps the module's routes to its commands and queries.</summary>
    /// <param name="endpoints">Where to map.</param>
    void MapEndpoints(IEndpointRouteBuilder endpoints);
}
