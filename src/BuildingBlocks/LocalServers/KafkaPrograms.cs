using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>An unpacked Kafka distribution and the Java that runs it.</summary>
internal sealed partial record KafkaPrograms(string Home, string Java)
{
    private const int OldestJava = 17;

    public static async Task<KafkaPrograms> FindAsync(string? home, CancellationToken cancellation)
    {
        home ??= Environment.GetEnvironmentVariable("KAFKA_HOME");
        if (string.IsNullOrWhiteSpace(home))
        {
            throw new LocalServerException(
                "KAFKA_HOME is not set: unpack Apache Kafka 4 (kafka.apache.org/downloads) and set KAFKA_HOME to its folder.");
        }

        home = Path.GetFullPath(home);
        if (!File.Exists(Path.Combine(home, "bin", "kafka-server-start.sh")))
        {
            throw new LocalServerException(
                $"KAFKA_HOME is {home}, where there is no bin/kafka-server-start.sh: set it to the folder of an unpacked Apache Kafka 4.");
        }

        var javaHome = Environment.GetEnvironmentVariable("JAVA_HOME");
        var java = string.IsNullOrEmpty(javaHome) ? "java" : Path.Combine(javaHome, "bin", "java");
        var version = await VersionAsync(java, cancellation);
        if (version < OldestJava)
        {
            var found = version > 0 ? $", found {version}" : "";
            throw new LocalServerException(
                $"Kafka needs Java {OldestJava} or newer{found}: install it (Debian: apt-get install openjdk-17-jre-headless; "
                + "Red Hat: dnf install java-17-openjdk-headless; macOS: brew install openjdk@17) or set JAVA_HOME.");
        }

        return new KafkaPrograms(home, java);
    }

    // Returns 0 if there is no Java.
    private static async Task<int> VersionAsync(string java, CancellationToken cancellation)
    {
        try
        {
            var result = await ProcessResult.RunAsync([java, "-version"], cancellation);
            var match = MajorVersion().Match(result.Error);
            return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
        }
        catch (Win32Exception)
        {
            return 0;
        }
    }

    [GeneratedRegex(@"version ""(\d+)")]
    private static partial Regex MajorVersion();
}
