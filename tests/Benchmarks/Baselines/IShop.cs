namespace Monolith.Benchmarks.Baselines;

/// <summary>The four commands; null where a required row does not exist.</summary>
internal interface IShop
{
    Task<CustomerAnswer?> RegisterAsync(RegisterBody body);

    Task<CustomerAnswer?> ChangeAsync(Guid id, ChangeBody body);

    Task<OrderAnswer?> PlaceAsync(PlaceBody body);

    Task<OrderAnswer?> PayAsync(Guid id, PayBody body);
}
