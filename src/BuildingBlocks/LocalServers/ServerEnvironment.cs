using System.Diagnostics;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>The environment of the servers and their tools: that of this process, without variables that configure other servers.</summary>
internal static class ServerEnvironment
{
    public static void Apply(ProcessStartInfo start)
    {
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
            start.Environment.Remove(name);

        // We parse their messages.
        start.Environment["LC_ALL"] = "C";
    }

    private static bool IsForeign(string name) =>
        name.StartsWith("PG", StringComparison.Ordinal)
        || name.StartsWith("KAFKA_", StringComparison.Ordinal)
        || name is "JAVA_TOOL_OPTIONS" or "JDK_JAVA_OPTIONS" or "CLASSPATH";
}
