using Monolith.BuildingBlocks.Streaming.Following;

namespace Monolith.Modules.Analytics.Live;

/// <summary>The last hour for everybody in this process who watches it: counted once, and only while somebody does.</summary>
internal sealed class LiveFigures : IAsyncDisposable
{
    /// <summary>It stays so long after the last watcher has left, so that a page that is loaded anew finds it.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(30);

    private readonly SharedOnDemand<OrderCount> count;

    public LiveFigures(Func<OrderCount> start) => count = new SharedOnDemand<OrderCount>(start, Linger);

    /// <summary>Begins to watch; to be followed by one <see cref="Leave"/>.</summary>
    public OrderCount Enter() => count.Enter();

    /// <summary>Watches no more.</summary>
    public void Leave() => count.Leave();

    public ValueTask DisposeAsync() => count.DisposeAsync();
}
