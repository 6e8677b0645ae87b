namespace Monolith.Benchmarks.Shop;

/// <summary>Clients of one server, opened once, so that their connections outlive a round.</summary>
internal interface ILoad : IDisposable
{
    /// <summary>Closed loop: each connection sends its next request after the response to the previous one.</summary>
    Task<ShopRound> SaturateAsync(TimeSpan duration, CancellationToken cancellation);
}
