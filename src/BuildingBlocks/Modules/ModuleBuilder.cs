using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Monolith.BuildingBlocks.Modules;

/// <summary>What a module registers itself with. The building blocks add their own words to it as extension methods.</summary>
/// <param name="name">The module's name.</param>
/// <param name="assembly">The module's assembly, where its use cases are.</param>
/// <param name="services">The host's services.</param>
/// <param name="configuration">The host's configuration.</param>
public sealed class ModuleBuilder(string name, Assembly assembly, IServiceCollection services, IConfiguration configuration)
{
    /// <summary>The module's name (<c>Customers</c>).</summary>
    public string Name { get; } = name;

    /// <summary>The module's assembly.</summary>
    public Assembly Assembly { get; } = assembly;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; } = services;

    /// <summary>The host's configuration.</summary>
    public IConfiguration Configuration { get; } = configuration;
}
