using Monolith.Testing;

namespace Monolith.System.Tests.Sites;

/// <summary>What a test cannot do without. Where it is missing the test is skipped, or fails with CI=true, which says that nothing may be missing.</summary>
internal static class Required
{
    public static string Kafka() => OrSkip(Installed.Kafka(), "Kafka is missing: set KAFKA_HOME to the folder of an unpacked Apache Kafka 4.");

    public static string Elasticsearch() => OrSkip(Installed.Elasticsearch(), "Elasticsearch is missing: set ELASTICSEARCH_HOME to the folder of an unpacked Elasticsearch 8.");

    public static string Toxiproxy() => OrSkip(Installed.Toxiproxy(), "Toxiproxy is missing: put toxiproxy-server into ../shared/toxiproxy beside the checkout.");

    public static string Chromium() => OrSkip(Installed.Chromium(), "Chromium is missing: install it (Debian: apt-get install chromium), or set CHROMIUM to its program.");

    private static string OrSkip(string? found, string missing)
    {
        if (found is null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(missing);
        if (found is null)
            Assert.Skip(missing);
        return found;
    }
}
