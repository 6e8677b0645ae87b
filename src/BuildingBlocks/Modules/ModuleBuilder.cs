using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Monolith.BuildingBlocks.Modules;

/// <summary>Registers a module. The building blocks add extension methods to it.</summary>
/// <param name="name">The module's name.</param>
/// <param name="assembly">The module's assembly, which contains its use cases.</param>
/// <param name="services">The host's services.</param>
/// <param name="configuration">The host's configuration.</param>
public sealed class ModuleBuilder(string name, Assembly assembly, IServiceCollection services, IConfiguration configuration)
{
    /// <summary>The module's name (<c>Customers</c>).</summary>
    public string Name { get; } = name;

    /// <summary>The module's assembly, which contains its use cases.</summary>
    public Assembly Assembly { get; } = assembly;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; } = services;

    /// <summary>The host's configuration.</summary>
    public IConfiguration Configuration { get; } = configuration;
}
