using System.Security.Cryptography;
using System.Text;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>
/// Where the files of a cluster lie: inside the data folder, or, where the user that runs the server cannot get there
/// (below root's home), in a folder of the system that the data folder points to.
/// </summary>
internal sealed class ClusterFolder
{
    private const string InitializeScript = """
        umask 077
        rm -rf new
        cat >password || exit 1
        initdb=$1
        shift
        "$initdb" --pgdata=new --pwfile=password "$@"
        status=$?
        rm -f password
        [ "$status" -eq 0 ] && mv new data
        """;

    private ClusterFolder(string path, ServerUser user, bool isElsewhere)
    {
        Path = path;
        User = user;
        IsElsewhere = isElsewhere;
    }

    public string Path { get; }
    public ServerUser User { get; }
    public bool IsElsewhere { get; }
    public string Data => System.IO.Path.Combine(Path, "data");
    public string VersionFile => System.IO.Path.Combine(Data, "PG_VERSION");
    public bool IsInitialized => File.Exists(VersionFile);

    public static async Task<ClusterFolder> OpenAsync(DataFolder folder, bool durable, CancellationToken cancellation)
    {
        var inside = folder.File("cluster");
        var pointer = folder.File("cluster.path");
        if (File.Exists(pointer))
            return await ReopenAsync(pointer, cancellation);

        var user = await ServerUser.ChooseAsync(inside, cancellation);
        await CreateAsync(inside, user, cancellation);
        if (await IsReachableAsync(inside, user, cancellation))
            return new ClusterFolder(inside, user, isElsewhere: false);

        Directory.Delete(inside, recursive: true);
        var outside = durable ? FolderOfSystem(folder) : Directory.CreateTempSubdirectory("monolith-").FullName;
        await CreateAsync(outside, user, cancellation);
        await File.WriteAllTextAsync(pointer, outside + "\n", cancellation);
        return new ClusterFolder(outside, user, isElsewhere: true);
    }

    /// <summary>Makes the cluster; what an interrupted attempt left is done again.</summary>
    public async Task InitializeAsync(PostgresPrograms programs, string password, bool durable, CancellationToken cancellation)
    {
        string[] options = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", .. durable ? Array.Empty<string>() : ["--no-sync"]];
        var made = await ShortProgram.RunAsync(
            User.Command(["/bin/sh", "-c", InitializeScript, "initialize", programs.Path("initdb"), .. options]), cancellation, workingDirectory: Path, input: password);
        if (!made.Succeeded)
            throw new LocalServerException($"PostgreSQL could not make a cluster in {Path}: {made.LastLine}");
    }

    private static async Task<ClusterFolder> ReopenAsync(string pointer, CancellationToken cancellation)
    {
        var outside = (await File.ReadAllTextAsync(pointer, cancellation)).Trim();
        if (!Directory.Exists(outside))
            throw new LocalServerException($"{outside}, where {pointer} says that the data is, is gone: restore it, or remove {System.IO.Path.GetDirectoryName(pointer)} to start anew.");
        return new ClusterFolder(outside, await ServerUser.ChooseAsync(outside, cancellation), isElsewhere: true);
    }

    private static async Task CreateAsync(string path, ServerUser user, CancellationToken cancellation)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (user.IsCurrent)
            return;
        var given = await ShortProgram.RunAsync(["chown", user.Owner, path], cancellation);
        if (!given.Succeeded)
            throw new LocalServerException($"{path} cannot be given to the user {user.Name}: {given.LastLine}");
    }

    private static async Task<bool> IsReachableAsync(string path, ServerUser user, CancellationToken cancellation) =>
        user.IsCurrent || (await ShortProgram.RunAsync(user.Command(["test", "-w", path]), cancellation)).Succeeded;

    // Not below /var/tmp, where systems remove what was not read for a month.
    private static string FolderOfSystem(DataFolder folder)
    {
        var path = System.IO.Path.Combine("/var/lib/monolith", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder.Path)))[..16]);
        // Nothing points there: what an earlier data folder of this path left is as gone as that folder.
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        return path;
    }
}
