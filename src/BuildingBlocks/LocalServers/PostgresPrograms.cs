using System.Globalization;
using System.Text.RegularExpressions;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>The programs of an installed PostgreSQL.</summary>
internal sealed partial record PostgresPrograms(int Major, string Folder)
{
    private const int OldestMajor = 14;

    private static readonly string[] InstallFolders =
    [
        "/usr/lib/postgresql/*/bin",                                  // Debian, Ubuntu
        "/usr/pgsql-*/bin",                                           // Red Hat, from postgresql.org
        "/usr/lib64/pgsql/bin", "/usr/libexec/postgresql*",           // others by their own packages
        "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin", "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
        "/usr/local/pgsql/bin",
    ];

    public string Path(string program) => System.IO.Path.Combine(Folder, program);

    /// <summary>
    /// The PostgreSQL for a cluster: of the major version that created it; for a new cluster the first on the PATH, else the newest.
    /// </summary>
    public static async Task<PostgresPrograms> FindAsync(string versionFile, CancellationToken cancellation)
    {
        var installed = await InstalledAsync(cancellation);
        if (!File.Exists(versionFile))
            return installed.FirstOrDefault(programs => programs.Major >= OldestMajor) ?? throw Missing(installed);

        var created = int.Parse(await File.ReadAllTextAsync(versionFile, cancellation), CultureInfo.InvariantCulture);
        return installed.FirstOrDefault(programs => programs.Major == created)
            ?? throw new LocalServerException(
                $"The data in {System.IO.Path.GetDirectoryName(versionFile)} was created by PostgreSQL {created}, which is not installed: "
                + "install it, or choose another data folder.");
    }

    private static async Task<List<PostgresPrograms>> InstalledAsync(CancellationToken cancellation)
    {
        var onPath = new List<PostgresPrograms>();
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator))
            await AddAsync(onPath, folder, cancellation);

        var elsewhere = new List<PostgresPrograms>();
        foreach (var folder in InstallFolders.SelectMany(Expand))
            await AddAsync(elsewhere, folder, cancellation);
        return [.. onPath, .. elsewhere.OrderByDescending(programs => programs.Major)];
    }

    private static async Task AddAsync(List<PostgresPrograms> found, string folder, CancellationToken cancellation)
    {
        var postgres = System.IO.Path.Combine(folder, "postgres");
        if (!System.IO.Path.IsPathRooted(folder) || !File.Exists(postgres))
            return;

        // A link on the PATH leads to the folder that has all the programs.
        var real = File.ResolveLinkTarget(postgres, returnFinalTarget: true)?.FullName ?? postgres;
        var home = System.IO.Path.GetDirectoryName(real)!;
        if (!File.Exists(System.IO.Path.Combine(home, "initdb")))
            return;

        var version = await ProcessResult.RunAsync([real, "--version"], cancellation);
        if (version.Succeeded && MajorVersion().Match(version.Output) is { Success: true } match)
            found.Add(new PostgresPrograms(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), home));
    }

    // Supports one '*' in one segment.
    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return [pattern];

        var from = pattern.LastIndexOf('/', star);
        var to = pattern.IndexOf('/', star);
        var parent = pattern[..from];
        var segment = to < 0 ? pattern[(from + 1)..] : pattern[(from + 1)..to];
        var rest = to < 0 ? "" : pattern[(to + 1)..];
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, segment).Select(folder => System.IO.Path.Combine(folder, rest))
            : [];
    }

    private static LocalServerException Missing(List<PostgresPrograms> tooOld)
    {
        var reason = tooOld.Count > 0
            ? $"PostgreSQL {OldestMajor} or newer is needed, found {tooOld.Max(programs => programs.Major)}"
            : "PostgreSQL is not installed";
        return new LocalServerException(
            $"{reason}: install {OldestMajor} or newer "
            + "(Debian: apt-get install postgresql; Red Hat: dnf install postgresql-server; macOS: brew install postgresql@17).");
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorVersion();
}

/// <summary>PostgreSQL's command-line client.</summary>
public static class Psql
{
    /// <summary>The path of psql: in the folder of the server's programs, else on the PATH.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    public static async Task<string> FindAsync(CancellationToken cancellation = default)
    {
        var path = (await PostgresPrograms.FindAsync(versionFile: "", cancellation)).Path("psql");
        return File.Exists(path) ? path : "psql";
    }
}
