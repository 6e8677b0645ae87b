using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>Registers a module's database.</summary>
public static class ModuleDatabases
{
    /// <summary>The module's database, one a host, found under the module's name.</summary>
    /// <param name="module">The module.</param>
    public static ModuleDatabase AddDatabase(this ModuleBuilder module)
    {
        var registered = module.Services.FirstOrDefault(service =>
            service.ServiceType == typeof(ModuleDatabase) && module.Name.Equals(service.ServiceKey))?.KeyedImplementationInstance as ModuleDatabase;
        if (registered is not null)
            return registered;

        var database = new ModuleDatabase(module.Name, module.Configuration);
        module.Services.AddKeyedSingleton(module.Name, database);
        module.Services.AddSingleton(database);
        return database;
    }
}
