using Xunit;

namespace Monolith.Testing;

/// <summary>
/// The external programs that a test requires. Where one is missing the test is skipped; with CI=true it fails.
/// </summary>
public static class Required
{
    /// <summary>An unpacked Kafka distribution.</summary>
    public static string Kafka() =>
        OrSkip(Installed.Kafka(), "Kafka is missing: set KAFKA_HOME to the folder of an unpacked Apache Kafka 4.");

    /// <summary>An unpacked Elasticsearch distribution.</summary>
    public static string Elasticsearch() =>
        OrSkip(Installed.Elasticsearch(), "Elasticsearch is missing: set ELASTICSEARCH_HOME to the folder of an unpacked Elasticsearch 8.");

    /// <summary>The Toxiproxy server's program.</summary>
    public static string Toxiproxy() =>
        OrSkip(Installed.Toxiproxy(), "Toxiproxy is missing: put toxiproxy-server into ../shared/toxiproxy beside the checkout.");

    /// <summary>A Chromium.</summary>
    public static string Chromium() =>
        OrSkip(Installed.Chromium(), "Chromium is missing: install it (Debian: apt-get install chromium), or set CHROMIUM to its program.");

    private static string OrSkip(string? found, string missing)
    {
        if (found is null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(missing);
        if (found is null)
            Assert.Skip(missing);
        return found;
    }
}
