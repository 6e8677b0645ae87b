using System.Security.Cryptography;
using System.Text;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>
/// The folder of a cluster's files: inside the data folder, or, if the user that runs the server cannot reach that (below root's home),
/// a system folder that the data folder points to.
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
        var outside = durable ? SystemFolder(folder) : Directory.CreateTempSubdirectory("monolith-").FullName;
        await CreateAsync(outside, user, cancellation);
        await File.WriteAllTextAsync(pointer, outside + "\n", cancellation);
        return new ClusterFolder(outside, user, isElsewhere: true);
    }

    /// <summary>Creates the cluster. An interrupted attempt is repeated.</summary>
    public async Task InitializeAsync(PostgresPrograms programs, string password, bool durable, CancellationToken cancellation)
    {
        string[] sync = durable ? [] : ["--no-sync"];
        string[] options = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", .. sync];
        var command = User.Command(["/bin/sh", "-c", InitializeScript, "initialize", programs.Path("initdb"), .. options]);
        var result = await ProcessResult.RunAsync(command, cancellation, workingDirectory: Path, input: password);
        if (!result.Succeeded)
            throw new LocalServerException($"PostgreSQL could not create a cluster in {Path}: {result.LastLine}");
    }

    private static async Task<ClusterFolder> ReopenAsync(string pointer, CancellationToken cancellation)
    {
        var outside = (await File.ReadAllTextAsync(pointer, cancellation)).Trim();
        if (!Directory.Exists(outside))
        {
            var dataFolder = System.IO.Path.GetDirectoryName(pointer);
            throw new LocalServerException(
                $"{outside}, which {pointer} points to, is missing: restore it, or remove {dataFolder} to start with an empty database.");
        }

        return new ClusterFolder(outside, await ServerUser.ChooseAsync(outside, cancellation), isElsewhere: true);
    }

    private static async Task CreateAsync(string path, ServerUser user, CancellationToken cancellation)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (user.IsCurrent)
            return;
        var result = await ProcessResult.RunAsync(["chown", user.Owner, path], cancellation);
        if (!result.Succeeded)
            throw new LocalServerException($"{path} cannot be given to the user {user.Name}: {result.LastLine}");
    }

    private static async Task<bool> IsReachableAsync(string path, ServerUser user, CancellationToken cancellation) =>
        user.IsCurrent || (await ProcessResult.RunAsync(user.Command(["test", "-w", path]), cancellation)).Succeeded;

    // Not below /var/tmp, where systems remove files that were not read for a month.
    private static string SystemFolder(DataFolder folder)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder.Path)));
        var path = System.IO.Path.Combine("/var/lib/monolith", hash[..16]);
        // It belonged to a data folder of the same path that has been deleted.
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        return path;
    }
}
