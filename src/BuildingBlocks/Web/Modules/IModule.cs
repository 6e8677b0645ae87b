using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Web.Modules;

/// <summary>
/// A module: its registrations and its routes. Everything else in it is internal; other modules see only its Contracts.
/// </summary>
public interface IModule
{
    /// <summary>The module's name in the configuration (<c>Customers</c>).</summary>
    string Name { get; }

    /// <summary>The settings that only this module reads.</summary>
    IReadOnlyList<Setting> Settings => [];

    /// <summary>Registers the module's use cases, log, projections and stores.</summary>
    /// <param name="module">Where to register.</param>
    void AddServices(ModuleBuilder module);

    /// <summary>Maps the module's routes to its commands and queries.</summary>
    /// <param name="endpoints">Where to map.</param>
    void MapEndpoints(IEndpointRouteBuilder endpoints);
}
