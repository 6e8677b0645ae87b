using Monolith.System.Tests.Hosting;

namespace Monolith.System.Tests;

/// <summary>
/// The log of Customers as it is after a restore from a backup. The change bypasses all protection. Use it only while no host
/// runs.
/// </summary>
internal static class RestoredLog
{
    /// <summary>Removes the last events of a partition, as if they were not in the backup.</summary>
    /// <param name="site">The site of the log.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="length">The number of events that remain.</param>
    public static Task RemoveTailAsync(Site site, int partition, long length) => ChangeAsync(
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
