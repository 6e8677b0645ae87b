using System.Globalization;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.BuildingBlocks.Tests.Sample;

/// <summary>A real Elasticsearch, started when the first test needs it. Each test has indexes with a prefix of its own.</summary>
public sealed class TestElasticsearch : IAsyncDisposable
{
    /// <summary>Tests that use it come one after the other: some of them kill it.</summary>
    public const string Turns = "Elasticsearch";

    private readonly SemaphoreSlim one = new(1);
    private ElasticsearchServer? server;
    private int prefixes;

    /// <summary>The server that tests share.</summary>
    internal async Task<ElasticsearchServer> ServerAsync()
    {
        await one.WaitAsync();
        try
        {
            return server ??= await ElasticsearchServer.StartAsync(Home());
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>What the names of a test's indexes begin with.</summary>
    internal string NewPrefix() => string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref prefixes)}-");

    public async ValueTask DisposeAsync()
    {
        one.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }

    private static string Home()
    {
        var home = Installed.Elasticsearch();
        if (home is null)
        {
            const string missing = "No Elasticsearch: ELASTICSEARCH_HOME is not set, and there is none in ../shared.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(missing);
            Assert.Skip(missing);
        }

        return home;
    }
}
