using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.CustomerView;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Waits for the customer view as a request with a consistency token does.</summary>
internal sealed class CustomerViewProgress(IReadModelGate gate) : ICustomerViewProgress
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(10);

    public async Task HasSeen(LogRecord happened, CancellationToken cancellation)
    {
        var place = new LogOffset(happened.Log, happened.Partition, happened.Offset + 1);
        if (await gate.WaitAsync([CustomerProjection.Name], [place], WaitTimeout, cancellation) is not null)
            throw new TimeoutException($"{CustomerProjection.Name} has not seen {place} within {WaitTimeout.TotalSeconds:0} s.");
    }
}
