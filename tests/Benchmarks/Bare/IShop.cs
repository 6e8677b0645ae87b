namespace Monolith.Benchmarks.Bare;

/// <summary>The four commands; null where what they need is not there.</summary>
internal interface IShop
{
    Task<CustomerAnswer?> RegisterAsync(RegisterBody body);

    Task<CustomerAnswer?> ChangeAsync(Guid id, ChangeBody body);

    Task<OrderAnswer?> PlaceAsync(PlaceBody body);

    Task<OrderAnswer?> PayAsync(Guid id, PayBody body);
}
