using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Progress;

namespace Monolith.Testing;

/// <summary>Waits for the read side of a host in this process, not for a fixed time.</summary>
public static class CatchUp
{
    /// <summary>Waits until every projection of the host has applied everything that its logs hold now.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="deadline">The longest time to wait.</param>
    /// <exception cref="TimeoutException">A projection still lags; the message names it and the state of its partitions.</exception>
    public static async Task WaitUntilCaughtUpAsync(this IServiceProvider services, TimeSpan deadline)
    {
        using var patience = new CancellationTokenSource(deadline);
        var logs = services.GetServices<PostgresLog>().ToDictionary(log => log.Name);
        foreach (var projection in services.GetServices<ProjectionStatus>())
        {
            foreach (var log in projection.Logs.Where(logs.ContainsKey).Select(name => logs[name]))
            {
                var heads = await new PostgresLogReader(log, log.Database.App).HeadsAsync(patience.Token);
                for (var partition = 0; partition < heads.Count; partition++)
                    await WaitForAsync(projection, new LogPartition(log.Name, partition), heads[partition], patience.Token);
            }
        }
    }

    private static async Task WaitForAsync(ProjectionStatus projection, LogPartition partition, long head, CancellationToken patience)
    {
        try
        {
            await projection.WaitForAsync(partition, head, patience);
        }
        catch (OperationCanceledException)
        {
            var reached = projection.Partitions.FirstOrDefault(status => status.Partition == partition);
            throw new TimeoutException(
                $"{projection.Name} has not reached offset {head} of {partition}: it is at "
                    + $"{reached?.NextOffset.ToString() ?? "nothing"} {reached?.Stopped ?? reached?.Waiting ?? projection.Problem}");
        }
    }
}
