namespace Monolith.Benchmarks.Baselines;

/// <summary>
/// The baseline of commands: the same routes, tables and statements in plain minimal-API handlers, without code from src/: no validation,
/// no pipeline, no modules, no projections. One process.
/// </summary>
internal static class BareShop
{
    public const string Verb = "bare-shop";
    public const string EntityFramework = "ef";
    public const string OneBatch = "batch";

    /// <summary>Serves requests until shutdown.</summary>
    /// <param name="args">The kind of shop, and the connection string.</param>
    public static async Task<int> ServeAsync(string[] args)
    {
        var builder = BareServer.Builder();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, BareJson.Default));
        await using var dataSource = BareServer.DataSource(args[1]);
        if (args[0] == EntityFramework)
            EfShop.AddTo(builder.Services, dataSource);
        else
            builder.Services.AddSingleton<IShop>(new BatchShop(dataSource));

        await using var app = builder.Build();
        Map(app);
        await BareServer.RunAsync(app);
        return 0;
    }

    private static void Map(WebApplication app)
    {
        var stream = new BareStream();
        app.MapGet("/api/v1/stream", stream.ServeAsync);
        app.MapPost("/api/v1/customers", async (RegisterBody body, IShop shop, HttpResponse response) =>
            await shop.RegisterAsync(body) is { } made
                ? Made(response, Published(stream, "customer.registered.v1", made), $"/api/v1/customers/{made.Id}", made.Version)
                : Results.Conflict());
        app.MapPatch("/api/v1/customers/{id:guid}", async (Guid id, ChangeBody body, IShop shop, HttpResponse response) =>
            await shop.ChangeAsync(id, body) is { } changed
                ? Changed(response, Published(stream, "customer.renamed.v1", changed), changed.Version)
                : Results.NotFound());
        app.MapPost("/api/v1/orders", async (PlaceBody body, IShop shop, HttpResponse response) =>
            await shop.PlaceAsync(body) is { } made
                ? Made(response, Published(stream, "order.placed.v1", made), $"/api/v1/orders/{made.Id}", made.Version)
                : Results.UnprocessableEntity());
        app.MapPost("/api/v1/orders/{id:guid}/pay", async (Guid id, PayBody body, IShop shop, HttpResponse response) =>
            await shop.PayAsync(id, body) is { } paid
                ? Changed(response, Published(stream, "order.paid.v1", paid), paid.Version)
                : Results.NotFound());
    }

    private static CustomerAnswer Published(BareStream stream, string type, CustomerAnswer customer)
    {
        stream.Publish(type, customer.Id, customer, BareJson.Default.CustomerAnswer);
        return customer;
    }

    private static OrderAnswer Published(BareStream stream, string type, OrderAnswer order)
    {
        stream.Publish(type, order.Id, order, BareJson.Default.OrderAnswer);
        return order;
    }

    private static IResult Made<T>(HttpResponse response, T made, string location, long version)
    {
        response.Headers.ETag = $"\"{version}\"";
        return Results.Created(location, made);
    }

    private static IResult Changed<T>(HttpResponse response, T changed, long version)
    {
        response.Headers.ETag = $"\"{version}\"";
        return Results.Ok(changed);
    }
}
