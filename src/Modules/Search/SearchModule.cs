using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Web;
using Monolith.Modules.Search.Api;

namespace Monolith.Modules.Search;

/// <summary>Search: customers and orders by their words. All that it knows comes from events; it owns no state that a replay would not make again.</summary>
public sealed class SearchModule : IModule
{
    internal const string ModuleName = "Search";

    /// <inheritdoc />
    public string Name => ModuleName;

    /// <inheritdoc />
    public void AddServices(ModuleBuilder module)
    {
        module.AddUseCases();
        module.AddJson(SearchApiJson.Default);
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => SearchRoutes.Map(endpoints);
}
