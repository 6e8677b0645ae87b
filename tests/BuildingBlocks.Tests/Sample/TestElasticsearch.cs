using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.BuildingBlocks.Tests.Sample;

/// <summary>The Elasticsearch of these tests. Without one a test is skipped, or fails where CI=true says that nothing may be missing.</summary>
public sealed class TestElasticsearch() : SharedElasticsearch(Home)
{
    /// <summary>Tests that use it come one after the other: some of them kill it.</summary>
    public const string Turns = "Elasticsearch";

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
