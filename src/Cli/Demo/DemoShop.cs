using System.Collections.Concurrent;

namespace Monolith.Cli.Demo;

/// <summary>The limits of a demo. Without any it runs until it is stopped.</summary>
internal sealed record DemoLimits(int? Customers, int? Orders, TimeSpan Duration)
{
    public bool HasCounts => Customers is not null || Orders is not null;
}

/// <summary>Chooses the requests of a demo at random: mostly orders, payments and shipments. Each step is one request.</summary>
internal sealed class DemoShop(DemoClient client, DemoProgress progress, DemoLimits limits)
{
    // Percent of the steps; the rest are orders.
    private const int NewCustomers = 12;
    private const int Payments = 25;
    private const int Shipments = 15;
    private const int Cancellations = 4;
    private const int CustomerChanges = 4;
    private const int StatusChanges = 2;

    private const int OrdersPerCustomer = 5;

    // A step takes an order out of its queue while it works on it, so that two steps never change the same order.
    private readonly ConcurrentQueue<string> active = new();
    private readonly ConcurrentQueue<string> inactive = new();
    private readonly ConcurrentQueue<string> placed = new();
    private readonly ConcurrentQueue<string> paid = new();
    private int customers;
    private int orders;

    public bool IsDone =>
        limits.HasCounts && Volatile.Read(ref customers) >= MaxCustomers && Volatile.Read(ref orders) >= MaxOrders;

    // With a limit on orders alone: one customer for every five orders.
    private int MaxCustomers =>
        limits.Customers ?? (limits.HasCounts ? Math.Max(1, limits.Orders!.Value / OrdersPerCustomer) : int.MaxValue);

    private int MaxOrders => limits.Orders ?? (limits.HasCounts ? 0 : int.MaxValue);

    public Task StepAsync()
    {
        var dice = Random.Shared.Next(100);
        if (active.IsEmpty || (dice -= NewCustomers) < 0)
            return TryCount(ref customers, MaxCustomers) ? RegisterAsync() : PlaceOrChangeAsync();
        if ((dice -= Payments) < 0 && placed.TryDequeue(out var order))
            return PayAsync(order);
        if ((dice -= Shipments) < 0 && paid.TryDequeue(out order))
            return ShipAsync(order);
        if ((dice -= Cancellations) < 0 && placed.TryDequeue(out order))
            return CancelAsync(order);
        if ((dice -= CustomerChanges) < 0)
            return ChangeAsync();
        return (dice - StatusChanges) < 0 ? ChangeStatusAsync() : PlaceOrChangeAsync();
    }

    private Task PlaceOrChangeAsync()
    {
        if (active.IsEmpty)
            return Task.CompletedTask;
        if (TryCount(ref orders, MaxOrders))
            return PlaceAsync();
        return TryCount(ref customers, MaxCustomers) ? RegisterAsync() : ChangeAsync();
    }

    private async Task RegisterAsync()
    {
        if (await client.SendAsync(HttpMethod.Post, "customers", DemoData.Customer()) is not { } customer)
        {
            Interlocked.Decrement(ref customers);
            return;
        }
        progress.Customer();
        active.Enqueue(customer.GetProperty("id").GetString()!);
    }

    private async Task PlaceAsync()
    {
        if (Next(active) is not { } customer
            || await client.SendAsync(HttpMethod.Post, "orders", DemoData.Order(customer)) is not { } order)
        {
            Interlocked.Decrement(ref orders);
            return;
        }
        progress.Order();
        placed.Enqueue(order.GetProperty("id").GetString()!);
    }

    private async Task PayAsync(string order)
    {
        if (await ChangedAsync(HttpMethod.Post, $"orders/{order}/pay", DemoData.Payment()))
            paid.Enqueue(order);
    }

    private Task<bool> ShipAsync(string order) => ChangedAsync(HttpMethod.Post, $"orders/{order}/ship", DemoData.Shipment());

    private Task<bool> CancelAsync(string order) => ChangedAsync(HttpMethod.Post, $"orders/{order}/cancel", DemoData.Reason());

    private async Task ChangeAsync()
    {
        if (Next(active) is { } customer)
            await ChangedAsync(HttpMethod.Patch, $"customers/{customer}", DemoData.NewName());
    }

    private async Task ChangeStatusAsync()
    {
        if (inactive.TryDequeue(out var customer))
        {
            if (await ChangedAsync(HttpMethod.Post, $"customers/{customer}/reactivate", DemoData.Reason()))
                active.Enqueue(customer);
        }
        // The last customer stays active, so that there are orders.
        else if (active.Count > 1 && active.TryDequeue(out customer))
        {
            if (await ChangedAsync(HttpMethod.Post, $"customers/{customer}/deactivate", DemoData.Reason()))
                inactive.Enqueue(customer);
        }
    }

    private async Task<bool> ChangedAsync(HttpMethod method, string path, object body)
    {
        if (await client.SendAsync(method, path, body) is null)
            return false;
        progress.Change();
        return true;
    }

    // Round robin.
    private static string? Next(ConcurrentQueue<string> queue)
    {
        if (!queue.TryDequeue(out var id))
            return null;
        queue.Enqueue(id);
        return id;
    }

    // Counts up to the maximum; false beyond it.
    private static bool TryCount(ref int counter, int max)
    {
        if (Interlocked.Increment(ref counter) <= max)
            return true;
        Interlocked.Decrement(ref counter);
        return false;
    }
}
