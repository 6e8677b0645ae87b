using System.Globalization;
using System.Text.RegularExpressions;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>An installed PostgreSQL: its major version and where its programs are.</summary>
internal sealed partial record PostgresPrograms(int Major, string Folder)
{
    private const int OldestMajor = 14;

    private static readonly string[] UsualPlaces =
    [
        "/usr/lib/postgresql/*/bin",                                  // Debian, Ubuntu
        "/usr/pgsql-*/bin",                                           // Red Hat, from postgresql.org
        "/usr/lib64/pgsql/bin", "/usr/libexec/postgresql*",           // others by their own packages
        "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin", "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
        "/usr/local/pgsql/bin",
    ];

    public string Path(string program) => System.IO.Path.Combine(Folder, program);

    /// <summary>The PostgreSQL for a folder: of the major version that made it, or for a new one the first on the PATH, else the newest.</summary>
    public static async Task<PostgresPrograms> FindAsync(string versionFile, CancellationToken cancellation)
    {
        var installed = await InstalledAsync(cancellation);
        if (!File.Exists(versionFile))
            return installed.FirstOrDefault(p => p.Major >= OldestMajor) ?? throw Missing(installed);

        var made = int.Parse(await File.ReadAllTextAsync(versionFile, cancellation), CultureInfo.InvariantCulture);
        return installed.FirstOrDefault(p => p.Major == made)
            ?? throw new LocalServerException($"The data in {System.IO.Path.GetDirectoryName(versionFile)} was made by PostgreSQL {made}, which is not installed: install it, or choose another data folder.");
    }

    private static async Task<List<PostgresPrograms>> InstalledAsync(CancellationToken cancellation)
    {
        var onPath = new List<PostgresPrograms>();
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator))
            await AddAsync(onPath, folder, cancellation);

        var elsewhere = new List<PostgresPrograms>();
        foreach (var folder in UsualPlaces.SelectMany(Expand))
            await AddAsync(elsewhere, folder, cancellation);
        return [.. onPath, .. elsewhere.OrderByDescending(p => p.Major)];
    }

    private static async Task AddAsync(List<PostgresPrograms> found, string folder, CancellationToken cancellation)
    {
        var postgres = System.IO.Path.Combine(folder, "postgres");
        if (!System.IO.Path.IsPathRooted(folder) || !File.Exists(postgres))
            return;

        // Links on the PATH lead to the folder where all the programs are.
        var real = File.ResolveLinkTarget(postgres, returnFinalTarget: true)?.FullName ?? postgres;
        var home = System.IO.Path.GetDirectoryName(real)!;
        if (!File.Exists(System.IO.Path.Combine(home, "initdb")))
            return;

        var version = await ShortProgram.RunAsync([real, "--version"], cancellation);
        if (version.Succeeded && MajorVersion().Match(version.Output) is { Success: true } match)
            found.Add(new PostgresPrograms(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), home));
    }

    // One '*' in one segment is all that the places above need.
    private static IEnumerable<string> Expand(string place)
    {
        var star = place.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return [place];

        var from = place.LastIndexOf('/', star);
        var to = place.IndexOf('/', star);
        var (parent, pattern, rest) = (place[..from], to < 0 ? place[(from + 1)..] : place[(from + 1)..to], to < 0 ? "" : place[(to + 1)..]);
        return Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, pattern).Select(d => System.IO.Path.Combine(d, rest)) : [];
    }

    private static LocalServerException Missing(List<PostgresPrograms> tooOld) => new(
        (tooOld.Count > 0 ? $"PostgreSQL {OldestMajor} or newer is needed, found {tooOld.Max(p => p.Major)}" : "PostgreSQL is not installed")
        + $": install {OldestMajor} or newer (Debian: apt-get install postgresql; Red Hat: dnf install postgresql-server; macOS: brew install postgresql@17).");

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorVersion();
}
