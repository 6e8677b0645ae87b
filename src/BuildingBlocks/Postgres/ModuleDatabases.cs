using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>Registers a module's database.</summary>
public static class ModuleDatabases
{
    /// <summary>The module's database, one a host, found under the module's name.</summary>
    /// <param name="module">The module.</param>
    public static ModuleDatabase AddDatabase(this ModuleBuilder module)
    {
        var registered = module.Services.Select(service => service.ImplementationInstance).OfType<RegisteredDatabase>().FirstOrDefault(entry => entry.Database.Module == module.Name);
        if (registered is not null)
            return registered.Database;

        var database = new ModuleDatabase(module.Name, module.Configuration);
        module.Services.AddSingleton(new RegisteredDatabase(database));
        // A factory, so that the host closes the connections when it ends.
        module.Services.AddKeyedSingleton(module.Name, (_, _) => database);
        module.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStorageFailureClassifier, NpgsqlFailureClassifier>());
        // The first of all that a host starts.
        module.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DatabaseWait>());
        return database;
    }
}
