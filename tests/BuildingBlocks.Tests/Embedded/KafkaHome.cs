namespace Monolith.BuildingBlocks.Tests.Embedded;

/// <summary>The Kafka to test with. Without one a test is skipped, or fails where CI=true says that nothing may be missing.</summary>
internal static class KafkaHome
{
    public static string Required()
    {
        var home = Environment.GetEnvironmentVariable("KAFKA_HOME");
        if (string.IsNullOrEmpty(home))
        {
            const string missing = "KAFKA_HOME is not set.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(missing);
            Assert.Skip(missing);
        }
        return home;
    }
}
