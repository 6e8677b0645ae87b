using Microsoft.EntityFrameworkCore.Migrations;

namespace Monolith.BuildingBlocks.Events.Postgres.Schema;

/// <summary>
/// Indexes that are created and dropped while hosts write to the table. Each statement commits by itself, so that a migration that fails in
/// the middle starts again from its first statement.
/// </summary>
public static class ConcurrentIndexes
{
    /// <summary>Creates an index without blocking writes to its table.</summary>
    /// <param name="migration">The migration, run as the module's owner.</param>
    /// <param name="schema">The module's schema.</param>
    /// <param name="table">The table.</param>
    /// <param name="index">The name of the index. An index of this name that an earlier attempt left behind is dropped.</param>
    /// <param name="columns">The columns, in order.</param>
    public static void CreateIndexConcurrently(
        this MigrationBuilder migration, string schema, string table, string index, params string[] columns)
    {
        migration.DropIndexConcurrently(schema, index);
        migration.WithoutLockTimeout($"create index concurrently {index} on {schema}.{table} ({string.Join(", ", columns)})");
    }

    /// <summary>Drops an index, if it exists, without blocking reads and writes of its table.</summary>
    /// <param name="migration">The migration, run as the module's owner.</param>
    /// <param name="schema">The module's schema.</param>
    /// <param name="index">The name of the index.</param>
    public static void DropIndexConcurrently(this MigrationBuilder migration, string schema, string index) =>
        migration.WithoutLockTimeout($"drop index concurrently if exists {schema}.{index}");

    // The statement waits for transactions that began before it. It blocks nothing meanwhile, so that it may wait as long as it takes.
    private static void WithoutLockTimeout(this MigrationBuilder migration, string statement)
    {
        migration.Sql("set lock_timeout = 0", suppressTransaction: true);
        migration.Sql(statement, suppressTransaction: true);
        migration.Sql("reset lock_timeout", suppressTransaction: true);
    }
}
