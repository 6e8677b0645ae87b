using Monolith.Testing;

namespace Monolith.BuildingBlocks.Tests.Embedded;

/// <summary>The Kafka to test with. Without one a test is skipped, or fails where CI=true says that nothing may be missing.</summary>
internal static class KafkaHome
{
    public static string Required()
    {
        var home = Installed.Kafka();
        if (home is null)
        {
            const string missing = "No Kafka: KAFKA_HOME is not set, and there is none in ../shared.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(missing);
            Assert.Skip(missing);
        }
        return home;
    }
}
