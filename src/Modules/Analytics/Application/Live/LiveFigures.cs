using Monolith.BuildingBlocks.Streaming.Following;

namespace Monolith.Modules.Analytics.Application.Live;

/// <summary>The order count that all connections of this process share. It runs only while there are connections.</summary>
internal sealed class LiveFigures : IAsyncDisposable
{
    /// <summary>The count keeps running this long after the last connection, so that it survives a page reload.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(30);

    private readonly SharedOnDemand<OrderCount> count;

    public LiveFigures(Func<OrderCount> start) => count = new SharedOnDemand<OrderCount>(start, Linger);

    /// <summary>Opens the count; must be followed by one <see cref="Leave"/>.</summary>
    public OrderCount Enter() => count.Enter();

    public void Leave() => count.Leave();

    public ValueTask DisposeAsync() => count.DisposeAsync();
}
