using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Monolith.BuildingBlocks.Modules;

/// <summary>Composes a host of modules.</summary>
public static class ModuleHosting
{
    private const string ModulesKey = "Modules";

    /// <summary>
    /// Registers the modules that this process runs: all of them, or those that the setting <c>Modules</c> lists (<c>Customers,Orders</c>).
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="modules">Every module that the host knows.</param>
    /// <exception cref="InvalidSettingException">The setting names a module that there is not.</exception>
    public static void AddModules(this WebApplicationBuilder builder, params IModule[] modules)
    {
        foreach (var module in Chosen(builder.Configuration, modules))
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

    private static IEnumerable<IModule> Chosen(IConfiguration configuration, IModule[] modules)
    {
        var setting = configuration[ModulesKey];
        if (string.IsNullOrWhiteSpace(setting))
            return modules;

        var names = setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var unknown = names.Where(name => !modules.Any(module => Matches(module, name))).ToArray();
        return unknown.Length == 0
            ? modules.Where(module => names.Any(name => Matches(module, name)))
            : throw new InvalidSettingException(
                $"The setting '{ModulesKey}' names {string.Join(", ", unknown)}, which is no module; there are {string.Join(", ", modules.Select(m => m.Name))}.");
    }

    private static bool Matches(IModule module, string name) => string.Equals(module.Name, name, StringComparison.OrdinalIgnoreCase);
}
