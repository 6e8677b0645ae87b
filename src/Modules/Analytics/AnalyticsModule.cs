using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Modules;
using Monolith.Modules.Analytics.Live;

namespace Monolith.Modules.Analytics;

/// <summary>Figures for those who run the shop, from other modules' events alone.</summary>
public sealed class AnalyticsModule : IModule
{
    internal const string ModuleName = "Analytics";

    /// <inheritdoc />
    public string Name => ModuleName;

    /// <inheritdoc />
    public void AddServices(ModuleBuilder module) => module.AddLiveFigures();

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => endpoints.MapLiveFigures();
}
