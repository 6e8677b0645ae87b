using System.Collections.Concurrent;

namespace Monolith.Host.Cli.Demo;

/// <summary>What goes on in a shop: mostly orders, and what follows from them. Each step is one request.</summary>
internal sealed class DemoShop(DemoClient client, DemoProgress progress, DemoLimits limits)
{
    // Shares of a hundred steps; the rest are orders.
    private const int NewCustomers = 12;
    private const int Payments = 25;
    private const int Shipments = 15;
    private const int Cancellations = 4;
    private const int CustomerChanges = 4;
    private const int StatusChanges = 2;

    // Known to this run; whoever works on an order has taken it out of its bag, so that two steps never meet in one.
    private readonly ConcurrentQueue<string> active = new();
    private readonly ConcurrentQueue<string> inactive = new();
    private readonly ConcurrentQueue<string> placed = new();
    private readonly ConcurrentQueue<string> paid = new();
    private int customers;
    private int orders;

    public bool IsDone => limits.Counts && Volatile.Read(ref customers) >= CustomersWanted && Volatile.Read(ref orders) >= OrdersWanted;

    // Orders alone need someone to order: a customer for every five.
    private int CustomersWanted => limits.Customers ?? (limits.Counts ? Math.Max(1, limits.Orders!.Value / 5) : int.MaxValue);

    private int OrdersWanted => limits.Orders ?? (limits.Counts ? 0 : int.MaxValue);

    public Task StepAsync()
    {
        var dice = Random.Shared.Next(100);
        if (active.IsEmpty || (dice -= NewCustomers) < 0)
            return Count(ref customers, CustomersWanted) ? RegisterAsync() : PlaceOrChangeAsync();
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
        if (Count(ref orders, OrdersWanted))
            return PlaceAsync();
        return Count(ref customers, CustomersWanted) ? RegisterAsync() : ChangeAsync();
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
        if (Take(active) is not { } customer || await client.SendAsync(HttpMethod.Post, "orders", DemoData.Order(customer)) is not { } order)
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
        if (Take(active) is { } customer)
            await ChangedAsync(HttpMethod.Patch, $"customers/{customer}", DemoData.NewName());
    }

    private async Task ChangeStatusAsync()
    {
        if (inactive.TryDequeue(out var customer))
        {
            if (await ChangedAsync(HttpMethod.Post, $"customers/{customer}/reactivate", DemoData.Reason()))
                active.Enqueue(customer);
        }
        // The last customer stays, or nobody could order.
        else if (active.Count > 1 && active.TryDequeue(out customer) && await ChangedAsync(HttpMethod.Post, $"customers/{customer}/deactivate", DemoData.Reason()))
        {
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

    // Round and round, so that every customer gets a share.
    private static string? Take(ConcurrentQueue<string> queue)
    {
        if (!queue.TryDequeue(out var id))
            return null;
        queue.Enqueue(id);
        return id;
    }

    // Takes a number while there are some left.
    private static bool Count(ref int counter, int wanted)
    {
        if (Interlocked.Increment(ref counter) <= wanted)
            return true;
        Interlocked.Decrement(ref counter);
        return false;
    }
}
