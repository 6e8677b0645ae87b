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
        var registered = module.Services.Select(service => service.ImplementationInstance).OfType<Registration>().FirstOrDefault(entry => entry.Database.Module == module.Name);
        if (registered is not null)
            return registered.Database;

        var database = new ModuleDatabase(module.Name, module.Configuration);
        module.Services.AddSingleton(new Registration(database));
        // A factory, so that the host closes the connections when it ends.
        module.Services.AddKeyedSingleton(module.Name, (_, _) => database);
        return database;
    }

    private sealed record Registration(ModuleDatabase Database);
}
