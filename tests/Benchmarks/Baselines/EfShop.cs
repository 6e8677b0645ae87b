using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Monolith.Benchmarks.Baselines;

/// <summary>The four commands in EF Core: load, change, add the event, one SaveChanges.</summary>
internal sealed class EfShop(EfShopContext context) : IShop
{
    public static void AddTo(IServiceCollection services, NpgsqlDataSource dataSource)
    {
        services.AddDbContextPool<EfShopContext>(options => options.UseNpgsql(dataSource).UseSnakeCaseNamingConvention());
        services.AddScoped<IShop, EfShop>();
    }

    public async Task<CustomerAnswer?> RegisterAsync(RegisterBody body)
    {
        if (await context.Customers.AnyAsync(customer => customer.Username == body.Username))
            return null;

        var now = DateTimeOffset.UtcNow;
        var customer = new EfCustomer
        {
            Id = Guid.CreateVersion7(now),
            Username = body.Username,
            FirstName = body.FirstName,
            LastName = body.LastName,
            Email = body.Email,
            Status = "active",
            Version = 1,
            RegisteredAt = now,
            ChangedAt = now,
        };
        context.Add(customer);
        var data = JsonSerializer.Serialize(
            new Registered(customer.Id, body.Username, body.FirstName, body.LastName, body.Email), BareJson.Default.Registered);
        context.CustomerEvents.Add(BareEvent.Of(customer.Id, customer.Version, "customer.registered.v1", data, now));
        await context.SaveChangesAsync();
        return AnswerOf(customer);
    }

    public async Task<CustomerAnswer?> ChangeAsync(Guid id, ChangeBody body)
    {
        if (await context.Customers.FirstOrDefaultAsync(candidate => candidate.Id == id) is not { } customer)
            return null;

        (customer.LastName, customer.Version, customer.ChangedAt) = (body.LastName, customer.Version + 1, DateTimeOffset.UtcNow);
        var data = JsonSerializer.Serialize(new Renamed(id, customer.FirstName, customer.LastName), BareJson.Default.Renamed);
        context.CustomerEvents.Add(BareEvent.Of(id, customer.Version, "customer.renamed.v1", data, customer.ChangedAt));
        await context.SaveChangesAsync();
        return AnswerOf(customer);
    }

    public async Task<OrderAnswer?> PlaceAsync(PlaceBody body)
    {
        if (await BuyerAsync(body.CustomerId) is not { Status: "active" } buyer)
            return null;

        var now = DateTimeOffset.UtcNow;
        var order = new EfOrder
        {
            Id = Guid.CreateVersion7(now),
            CustomerId = buyer.Id,
            Status = "placed",
            Currency = body.Currency,
            Total = body.Items.Sum(item => item.Quantity * item.UnitPrice),
            Items = JsonSerializer.Serialize(body.Items, BareJson.Default.LineArray),
            PlacedAt = now,
            City = body.DeliveryAddress.City,
            Country = body.DeliveryAddress.Country,
            PostalCode = body.DeliveryAddress.PostalCode,
            Street = body.DeliveryAddress.Street,
            Version = 1,
            ChangedAt = now,
        };
        context.Add(order);
        var data = JsonSerializer.Serialize(
            new Placed(order.Id, buyer.Id, order.Currency, order.Total, body.DeliveryAddress, body.Items), BareJson.Default.Placed);
        context.OrderEvents.Add(BareEvent.Of(order.Id, 1, "order.placed.v1", data, now));
        await context.SaveChangesAsync();
        return AnswerOf(order, buyer);
    }

    public async Task<OrderAnswer?> PayAsync(Guid id, PayBody body)
    {
        if (await context.Orders.FirstOrDefaultAsync(candidate => candidate.Id == id) is not { Status: "placed" } order)
            return null;
        if (await BuyerAsync(order.CustomerId) is not { } buyer)
            return null;

        (order.Status, order.Version, order.ChangedAt) = ("paid", order.Version + 1, DateTimeOffset.UtcNow);
        var data = JsonSerializer.Serialize(new Paid(id, buyer.Id, order.Currency, order.Total, body.Reference), BareJson.Default.Paid);
        context.OrderEvents.Add(BareEvent.Of(id, order.Version, "order.paid.v1", data, order.ChangedAt));
        await context.SaveChangesAsync();
        return AnswerOf(order, buyer);
    }

    private async Task<Buyer?> BuyerAsync(Guid id)
    {
        var customer = await context.Customers.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id);
        return customer is null ? null : new Buyer(id, customer.Username, $"{customer.FirstName} {customer.LastName}", customer.Status);
    }

    private static CustomerAnswer AnswerOf(EfCustomer customer) => new(
        customer.Id, customer.Username, customer.FirstName, customer.LastName, customer.Email, customer.Status, customer.Version,
        customer.RegisteredAt, customer.ChangedAt);

    private static OrderAnswer AnswerOf(EfOrder order, Buyer buyer) => new(
        order.Id,
        order.Status,
        buyer,
        order.Currency,
        order.Total,
        new DeliveryPlace(order.Street, order.PostalCode, order.City, order.Country),
        JsonSerializer.Deserialize(order.Items, BareJson.Default.LineArray)!,
        order.PlacedAt,
        order.ChangedAt,
        order.Version);
}
