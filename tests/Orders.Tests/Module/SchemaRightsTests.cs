using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.Orders.Tests.Module;

[Trait("Category", "Module")]
public sealed class SchemaRightsTests(OrdersFixture fixture) : OrdersTest(fixture)
{
    [Theory]
    [InlineData("Orders", "customers")]
    [InlineData("Customers", "orders")]
    [InlineData("Customers", "orders_read")]
    public async Task Module_cannot_touch_a_table_of_another_schema(string module, string schema)
    {
        var app = Host.Services.GetRequiredKeyedService<ModuleDatabase>(module).App;
        var tables = await Postgres.QueryAsync<string>(
            "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where "
                + $"n.nspname = '{schema}' and c.relkind in ('r', 'p', 'v', 'm', 'S')");

        tables.ShouldNotBeEmpty();
        foreach (var table in tables)
        {
            foreach (var sql in new[] { $"select * from {table}", $"insert into {table} default values", $"delete from {table}",
                $"truncate {table}" })
            {
                await using var command = app.CreateCommand(sql);
                var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
                refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
            }
        }
    }

    [Fact]
    public async Task Module_logs_in_with_its_own_role()
    {
        await using var command = Host.Services.GetRequiredKeyedService<ModuleDatabase>("Orders")
            .App.CreateCommand("select session_user::text");
        (await command.ExecuteScalarAsync()).ShouldBe("orders_app");
    }
}
