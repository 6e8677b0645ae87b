using System.Diagnostics;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>The environment of the servers and their tools: ours, without what would bend a private server towards another one.</summary>
internal static class ServerEnvironment
{
    public static void Apply(ProcessStartInfo start, IReadOnlyDictionary<string, string>? extra)
    {
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
            start.Environment.Remove(name);

        // Messages that we read must be in one language.
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in extra ?? new Dictionary<string, string>())
            start.Environment[name] = value;
    }

    private static bool IsForeign(string name) =>
        name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("KAFKA_", StringComparison.Ordinal) || name is "JMX_PORT" or "EXTRA_ARGS" or "LOG_DIR" or "CLASSPATH";
}
