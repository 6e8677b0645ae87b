using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Web.Modules;

/// <summary>Composes a host from modules.</summary>
public static class ModuleHosting
{
    /// <summary>
    /// Registers the modules that this process runs: all of them, or those that the setting <c>Modules</c> lists (<c>Customers,Orders</c>).
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="modules">Every module that the host knows.</param>
    /// <exception cref="InvalidSettingException">The setting names an unknown module.</exception>
    public static void AddModules(this WebApplicationBuilder builder, params IModule[] modules)
    {
        foreach (var module in ChoiceOf(modules).Of(builder.Configuration))
        {
            builder.Services.AddSingleton(module);
            module.AddServices(new ModuleBuilder(module.Name, module.GetType().Assembly, builder.Services, builder.Configuration));
        }
    }

    /// <summary>Maps the routes of the modules that this process runs.</summary>
    /// <param name="app">The built host.</param>
    public static void MapModules(this WebApplication app)
    {
        foreach (var module in app.Services.GetServices<IModule>())
            module.MapEndpoints(app);
    }

    /// <summary>The setting <c>Modules</c>.</summary>
    /// <param name="modules">Every module that the host knows.</param>
    public static Setting<IModule[]> ChoiceOf(IModule[] modules) => new(
        "Modules",
        modules,
        "all",
        $"one or several of {string.Join(", ", modules.Select(module => module.Name))}, with a comma between",
        "Which modules this process runs.",
        (string text, out IModule[] chosen) =>
        {
            var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            chosen = [.. modules.Where(module => names.Contains(module.Name, StringComparer.OrdinalIgnoreCase))];
            var known = modules.Select(module => module.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return names.Length > 0 && names.All(known.Contains);
        });
}
