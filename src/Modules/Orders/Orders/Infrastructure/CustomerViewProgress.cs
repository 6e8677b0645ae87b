using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.CustomerView;
using Npgsql;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Asks the checkpoints of the live generation, which are committed with its rows. The projection of this process only says when it is worth asking.</summary>
internal sealed class CustomerViewProgress(
    [FromKeyedServices(OrdersModule.ModuleName)] ModuleDatabase database, [FromKeyedServices(CustomerProjection.Name)] ProjectionStatus projection) : ICustomerViewProgress
{
    private const string SelectSeen =
        """
        select exists (
            select from orders_read.checkpoints c join orders_read.generations g on g.projection = c.projection and g.number = c.generation
            where c.projection = $1 and g.state = 'live' and c.log = $2 and c.partition = $3 and c.next_offset > $4)
        """;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task HasSeen(LogRecord happened, CancellationToken cancellation)
    {
        var since = TimeProvider.System.GetTimestamp();
        await OwnProjectionAsync(happened, cancellation);
        for (var pause = FirstPause; !await HasSeenAsync(happened, cancellation); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new TimeoutException($"{CustomerProjection.Name} has not seen {new LogPartition(happened.Log, happened.Partition)} offset {happened.Offset} within {Patience.TotalSeconds:0} s.");
            await Task.Delay(pause, cancellation);
        }
    }

    private async Task OwnProjectionAsync(LogRecord happened, CancellationToken cancellation)
    {
        var partition = new LogPartition(happened.Log, happened.Partition);
        if (!projection.Partitions.Any(status => status.Partition == partition))
            return;
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(LongestPause);
        await projection.WaitForAsync(partition, happened.Offset + 1, bounded.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task<bool> HasSeenAsync(LogRecord happened, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand(SelectSeen);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = CustomerProjection.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = happened.Log });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = happened.Partition });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = happened.Offset });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
