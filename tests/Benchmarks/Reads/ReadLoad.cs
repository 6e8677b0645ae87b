using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Reads;

/// <summary>Clients that read by id in a loop, each with its own starting point in the same list.</summary>
internal sealed class ReadLoad : ILoad
{
    private const int Found = 200;

    private readonly Reader[] readers;

    private ReadLoad(Reader[] readers) => this.readers = readers;

    /// <param name="url">The server.</param>
    /// <param name="paths">The paths to read.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public static async Task<ReadLoad> OpenAsync(Uri url, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var readers = new Reader[ShopLoad.Connections];
        for (var number = 0; number < readers.Length; number++)
            readers[number] =
                new Reader(await KeepAliveConnection.OpenAsync(url, cancellation), paths, at: number * paths.Count / readers.Length);
        return new ReadLoad(readers);
    }

    public Task<ShopRound> SaturateAsync(TimeSpan duration, CancellationToken cancellation) =>
        ClosedLoop.RunAsync(readers, (reader, cancelled) => reader.NextAsync(cancelled), duration, cancellation);

    public void Dispose()
    {
        foreach (var reader in readers)
            reader.Dispose();
    }

    private sealed class Reader(KeepAliveConnection connection, IReadOnlyList<string> paths, int at) : IDisposable
    {
        public async ValueTask NextAsync(CancellationToken cancellation)
        {
            var answer = await connection.GetAsync(paths[at++ % paths.Count], cancellation);
            if (answer.Status != Found)
                throw new InvalidOperationException($"A read was answered with {answer.Status}.");
        }

        public void Dispose() => connection.Dispose();
    }
}
