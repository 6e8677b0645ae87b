using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>Registers the databases of modules.</summary>
public static class ModuleDatabases
{
    /// <summary>
    /// Registers the database of a module as a keyed service under the module's name. Later calls return the same instance.
    /// </summary>
    /// <param name="module">The module.</param>
    public static ModuleDatabase AddDatabase(this ModuleBuilder module)
    {
        var registered = module.Services
            .Select(service => service.ImplementationInstance)
            .OfType<RegisteredDatabase>()
            .FirstOrDefault(entry => entry.Database.Module == module.Name);
        if (registered is not null)
            return registered.Database;

        var database = new ModuleDatabase(module.Name, module.Configuration);
        module.Services.AddSingleton(new RegisteredDatabase(database));
        // A factory, so that the host disposes the database.
        module.Services.AddKeyedSingleton(module.Name, (_, _) => database);
        module.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStorageFailureClassifier, NpgsqlFailureClassifier>());
        // The first hosted service, so that the others can use the database.
        module.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DatabaseWait>());
        return database;
    }
}

/// <summary>The database of a module that this process runs.</summary>
internal sealed record RegisteredDatabase(ModuleDatabase Database);
