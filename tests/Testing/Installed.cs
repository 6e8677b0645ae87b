namespace Monolith.Testing;

/// <summary>
/// Finds programs that are too large for the repository: in the environment, else in <c>../shared</c> next to the checkout.
/// </summary>
public static class Installed
{
    private const string Checkout = "Monolith.slnx";

    private static readonly string[] Chromiums = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>An unpacked Kafka distribution, or null.</summary>
    public static string? Kafka() => Named("KAFKA_HOME") ?? Shared("kafka");

    /// <summary>An unpacked Elasticsearch distribution, or null.</summary>
    public static string? Elasticsearch() => Named("ELASTICSEARCH_HOME") ?? Shared("elasticsearch");

    /// <summary>The Toxiproxy server's program, or null.</summary>
    public static string? Toxiproxy() =>
        (Named("TOXIPROXY_HOME") ?? Shared("toxiproxy")) is { } folder ? Path.Combine(folder, "toxiproxy-server") : null;

    /// <summary>A Chromium of the system, or null.</summary>
    public static string? Chromium() =>
        Named("CHROMIUM")
            ?? Chromiums.SelectMany(name => ProgramFolders(), (name, folder) => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string[] ProgramFolders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? folder : null;

    private static string? Shared(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "..", "shared", name);
            if (File.Exists(Path.Combine(folder.FullName, Checkout)))
                return Directory.Exists(shared) ? Path.GetFullPath(shared) : null;
        }

        return null;
    }
}
