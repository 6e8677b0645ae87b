using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Npgsql;

namespace Monolith.Modules.Customers.Infrastructure;

/// <summary>Makes the context for dotnet-ef, which compares models and connects to nothing.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<CustomersDbContext>
{
    public CustomersDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<CustomersDbContext>();
        options.UseModuleDatabase(NpgsqlDataSource.Create("Host=nowhere"), CustomersDbContext.SchemaName);
        return new CustomersDbContext(options.Options);
    }
}
