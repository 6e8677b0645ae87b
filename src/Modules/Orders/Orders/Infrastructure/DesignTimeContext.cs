using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Monolith.BuildingBlocks.Events.Postgres.Writing;
using Npgsql;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Makes the context for dotnet-ef, which compares models and connects to nothing.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<OrdersDbContext>
{
    public OrdersDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<OrdersDbContext>();
        options.UseModuleDatabase(NpgsqlDataSource.Create("Host=nowhere"), OrdersDbContext.SchemaName);
        return new OrdersDbContext(options.Options);
    }
}
