using Monolith.System.Tests.Sites;

namespace Monolith.System.Tests;

/// <summary>
/// The log of Customers as it is after a restore from a backup: changed past everything that keeps it from changing. Only while no host
/// runs.
/// </summary>
internal static class RestoredLog
{
    /// <summary>The last events of a partition were not in the backup.</summary>
    /// <param name="site">Whose log.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="length">How many events are left of it.</param>
    public static Task LoseEndAsync(Site site, int partition, long length) => ChangeAsync(
        site,
        $"""
        delete from customers.events where partition = {partition} and "offset" >= {length};
        update customers.partitions set next_offset = {length} where partition = {partition}
        """);

    public static async Task ChangeAsync(Site site, string sql)
    {
        await using var restore = site.Sql.CreateCommand($"begin; set local session_replication_role = replica; {sql}; commit");
        await restore.ExecuteNonQueryAsync();
    }
}
