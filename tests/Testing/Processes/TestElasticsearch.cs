using System.Globalization;

namespace Monolith.Testing.Processes;

/// <summary>
/// A real Elasticsearch that tests share, started when the first of them needs it. The indexes of each test have their own prefix.
/// </summary>
public sealed class TestElasticsearch : IAsyncDisposable
{
    /// <summary>The collection of tests that run sequentially, because some of them kill the server.</summary>
    public const string Turns = "Elasticsearch";

    private readonly SemaphoreSlim one = new(1);
    private ElasticsearchServer? server;
    private int prefixes;

    /// <summary>The server.</summary>
    public async Task<ElasticsearchServer> ServerAsync()
    {
        await one.WaitAsync();
        try
        {
            return server ??= await ElasticsearchServer.StartAsync(Required.Elasticsearch());
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>The prefix of a test's index names.</summary>
    public string NewPrefix() => string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref prefixes)}-");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        one.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }
}
