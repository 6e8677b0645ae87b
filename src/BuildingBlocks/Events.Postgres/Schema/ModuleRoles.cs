using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Schema;

/// <summary>
/// Creates the roles and schemas of a module, if they do not exist. Existing ones are not changed, so that an administrator can create them
/// with stricter settings.
/// </summary>
internal sealed class ModuleRoles(ModuleDatabase database, ReadSchema? readSchema)
{
    public async Task EnsureAsync(NpgsqlConnection administrator, CancellationToken cancellation)
    {
        foreach (var role in new[] { database.OwnerRole, database.AppRole, database.ReaderRole })
            await EnsureRoleAsync(administrator, role, cancellation);

        await EnsureSchemaAsync(administrator, database.Schema, database.OwnerRole, cancellation);
        await Execute(administrator, $"grant usage on schema {database.Schema} to {database.AppRole}, {database.ReaderRole}", cancellation);
        if (readSchema is not null)
            await EnsureSchemaAsync(administrator, readSchema.Name, database.AppRole, cancellation);
    }

    private async Task EnsureRoleAsync(NpgsqlConnection administrator, string role, CancellationToken cancellation)
    {
        if (await Exists(administrator, "select exists (select from pg_roles where rolname = $1)", role, cancellation))
            return;

        var password = database.PasswordOf(role) is { } text ? $" password '{text.Replace("'", "''", StringComparison.Ordinal)}'" : "";
        try
        {
            await Execute(administrator, $"create role {role} login{password}", cancellation);
            // A client that is suspended inside a transaction must not keep the counters of the log locked.
            if (role == database.AppRole)
                await Execute(administrator, $"alter role {role} set idle_in_transaction_session_timeout = '2s'", cancellation);
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            // Roles belong to the whole server, the migration lock to one database: the migration of another database has created the role.
        }
    }

    private static async Task EnsureSchemaAsync(NpgsqlConnection administrator, string schema, string owner, CancellationToken cancellation)
    {
        if (await Exists(administrator, "select exists (select from pg_namespace where nspname = $1)", schema, cancellation))
            return;

        // An administrator that is not a superuser must be a member of the role that will own the schema.
        await Execute(
            administrator,
            $"""
            do $$ begin
                if not (select rolsuper from pg_roles where rolname = current_user) then grant {owner} to current_user; end if;
            end $$
            """,
            cancellation);
        await Execute(administrator, $"create schema {schema} authorization {owner}", cancellation);
    }

    private static async Task<bool> Exists(NpgsqlConnection connection, string sql, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
