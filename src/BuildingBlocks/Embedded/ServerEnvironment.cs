using System.Diagnostics;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>The environment of the servers and their tools: ours, without what would bend a private server towards another one.</summary>
internal static class ServerEnvironment
{
    public static void Apply(ProcessStartInfo start)
    {
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
            start.Environment.Remove(name);

        // Messages that we read must be in one language.
        start.Environment["LC_ALL"] = "C";
    }

    private static bool IsForeign(string name) =>
        name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("KAFKA_", StringComparison.Ordinal) || name is "JAVA_TOOL_OPTIONS" or "JDK_JAVA_OPTIONS" or "CLASSPATH";
}
