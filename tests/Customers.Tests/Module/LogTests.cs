using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Modules.Customers;
using Npgsql;

namespace Monolith.Customers.Tests.Module;

[Trait("Category", "Module")]
public sealed class LogTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    [Theory]
    [InlineData("update customers.events set type = 'x'")]
    [InlineData("delete from customers.events")]
    [InlineData("truncate customers.events")]
    [InlineData("update customers.events set type = 'x' where false")]
    [InlineData("update customers.partitions set next_offset = 0")]
    [InlineData("delete from customers.partitions")]
    [InlineData("delete from customers.customers")]
    [InlineData("truncate customers.customers")]
    [InlineData("alter table customers.events disable trigger all")]
    [InlineData("create table customers.mine (id int)")]
    public async Task App_role_cannot_change_history_or_schema(string sql)
    {
        await Registered();

        var refused = await Should.ThrowAsync<PostgresException>(() => As(Database.AppRole, sql));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Events()).ShouldBe(1);
    }

    [Theory]
    [InlineData("update customers.events set type = 'x'")]
    [InlineData("delete from customers.events")]
    [InlineData("truncate customers.events")]
    [InlineData("truncate customers.events cascade")]
    public async Task Owner_role_cannot_change_events(string sql)
    {
        await Registered();

        var refused = await Should.ThrowAsync<PostgresException>(() => As(Database.OwnerRole, sql));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        refused.MessageText.ShouldContain("immutable");
        (await Events()).ShouldBe(1);
    }

    [Fact]
    public async Task Reader_role_reads_only_the_log()
    {
        await Registered();
        await As(Database.ReaderRole, "select * from customers.events");
        await As(Database.ReaderRole, "select * from customers.partitions");

        var others = await Postgres.QueryAsync<string>(
            "select tablename::text from pg_tables where schemaname = 'customers' and tablename not in ('events', 'partitions')");
        others.ShouldContain("customers");
        foreach (var table in others)
            (await Should.ThrowAsync<PostgresException>(() => As(Database.ReaderRole, $"select * from customers.{table}")))
                .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        foreach (var sql in new[] { "delete from customers.events", "insert into customers.events select * from customers.events",
            "update customers.partitions set next_offset = 9" })
            (await Should.ThrowAsync<PostgresException>(() => As(Database.ReaderRole, sql)))
                .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Migrations_are_idempotent()
    {
        var migration = Host.Services.GetServices<IModuleMigration>().Single();

        (await migration.ApplyAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Concurrent_migrations_of_a_new_database_succeed()
    {
        await Postgres.ExecuteAsync("create database fresh");
        var connectionString =
            new NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { Database = "fresh", Pooling = false }.ConnectionString;

        var applied = await Task.WhenAll(Migrate(connectionString), Migrate(connectionString));

        applied.SelectMany(names => names).Select(name => name[(name.IndexOf('_') + 1)..])
            .ShouldBe(["Initial", "LogIndexes", "IdempotencyKeys", "OrderByRegistration"]);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from customers.partitions", connection);
        (await count.ExecuteScalarAsync()).ShouldBe(32L);
    }

    // As a separate process: with its own services over the same database.
    private static async Task<IReadOnlyList<string>> Migrate(string connectionString)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:Monolith", connectionString)]);
        builder.WebHost.UseKestrel();
        builder.AddModules(new CustomersModule());
        await using var app = builder.Build();
        return await app.Services.GetServices<IModuleMigration>().Single().ApplyAsync(CancellationToken.None);
    }

    private ModuleDatabase Database => Host.Services.GetRequiredKeyedService<ModuleDatabase>("Customers");

    private async Task As(string role, string sql)
    {
        await using var source =
            NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Database.ConnectionStringOf(role)) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
