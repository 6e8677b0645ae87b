using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Monolith.Testing.Processes;

/// <summary>
/// One Elasticsearch node on loopback, without security, which does not outlive the tests. It refuses to run as root: as root, it is
/// started as an unprivileged user.
/// </summary>
public sealed class ElasticsearchServer : IAsyncDisposable
{
    private const int IndexesAtOnce = 50;

    // The server runs for minutes only: the optimizing compiler would cost more processor time than it saves.
    private const string JavaOptions = "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1";

    // Their files would be written into the folder of the distribution.
    private static readonly string[] DroppedOptions = ["-Xlog:gc", "-XX:ErrorFile", "HeapDumpOnOutOfMemoryError"];
    private static readonly string[] Users = ["postgres", "nobody"];
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(5);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly DirectoryInfo folder;
    private readonly string[] command;
    private readonly Dictionary<string, string> environment;
    private ChildProcess? process;

    private ElasticsearchServer(DirectoryInfo folder, Uri url, string[] command, Dictionary<string, string> environment)
    {
        this.folder = folder;
        this.command = command;
        this.environment = environment;
        Url = url;
    }

    /// <summary>The address of the server.</summary>
    public Uri Url { get; }

    /// <summary>Starts an empty node.</summary>
    /// <param name="home">An unpacked distribution.</param>
    public static async Task<ElasticsearchServer> StartAsync(string home)
    {
        var folder = Directory.CreateTempSubdirectory("monolith-test-");
        var url = FreeAddress.Http();
        var config = folder.CreateSubdirectory("config").FullName;
        foreach (var name in new[] { "data", "logs", "tmp" })
            folder.CreateSubdirectory(name);
        File.Copy(Path.Combine(home, "config", "log4j2.properties"), Path.Combine(config, "log4j2.properties"));
        var options = await File.ReadAllLinesAsync(Path.Combine(home, "config", "jvm.options"));
        await File.WriteAllLinesAsync(Path.Combine(config, "jvm.options"), options.Where(option => !DroppedOptions.Any(option.Contains)));
        await File.WriteAllTextAsync(Path.Combine(config, "elasticsearch.yml"), Settings(folder.FullName, url.Port));

        string[] plain = ["env", "-u", "JAVA_HOME", "-u", "JAVA_TOOL_OPTIONS", "-u", "_JAVA_OPTIONS"];
        string[] command = [.. plain, Path.Combine(home, "bin", "elasticsearch")];
        if (Environment.IsPrivilegedProcess)
            command = await AsUserAsync(folder, home, plain);
        var server = new ElasticsearchServer(folder, url, command, new Dictionary<string, string>
        {
            ["ES_JAVA_HOME"] = await JavaAsync(),
            ["ES_JAVA_OPTS"] = JavaOptions,
            ["ES_PATH_CONF"] = config,
            ["ES_TMPDIR"] = Path.Combine(folder.FullName, "tmp"),
        });
        try
        {
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the server (SIGKILL).</summary>
    public async Task KillAsync()
    {
        // The started process is only a launcher; the server is its child process.
        foreach (var server in ChildrenOf(process!.Id))
            await KillAsync(server);
        await process.KillAsync();
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Deletes all indexes with the prefix.</summary>
    public Task ForgetAsync(string prefix) => Eventually.HoldsAsync(GoneWithin, async () =>
    {
        var all = await http.GetFromJsonAsync<JsonElement>(new Uri(Url, $"{prefix}*/_settings?filter_path=*.settings.index.uuid"));
        string[] names = [.. all.EnumerateObject().Select(index => index.Name)];
        foreach (var some in names.Chunk(IndexesAtOnce))
        {
            // If one index disappears during the request, it fails for all of them: the remaining ones are requested again.
            using var answer = await http.DeleteAsync(new Uri(Url, $"{string.Join(',', some)}?ignore_unavailable=true"));
            answer.EnsureSuccessStatusCode();
        }

        return names.Length == 0 ? null : $"Indexes are left: {string.Join(", ", names)}";
    });

    /// <summary>Restarts the server after a kill, with its data.</summary>
    public Task RestartAsync() => LaunchAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (process is not null)
            await KillAsync();
        folder.Delete(recursive: true);
    }

    private async Task LaunchAsync()
    {
        process = await ChildProcess.StartAsync(command, folder.FullName, environment);
        await Eventually.HoldsAsync(StartsWithin, async () =>
        {
            if (process.HasExited)
                throw new InvalidOperationException($"Elasticsearch ended at once: {process.Tail(20)}");
            return await IsReadyAsync() ? null : $"Elasticsearch does not answer: {process.Tail(5)}";
        });
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(AnswersWithin);
            using var answer = await http.GetAsync(new Uri(Url, "_cluster/health?wait_for_status=yellow&timeout=1s"), limit.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string Settings(string folder, int port) => string.Create(CultureInfo.InvariantCulture, $"""
        cluster.name: tests
        node.name: tests
        network.host: 127.0.0.1
        http.port: {port}
        transport.port: 0
        discovery.type: single-node
        xpack.security.enabled: false
        action.auto_create_index: false
        cluster.routing.allocation.disk.threshold_enabled: false
        path.data: {folder}/data
        path.logs: {folder}/logs
        """);

    private static async Task<string[]> AsUserAsync(DirectoryInfo folder, string home, string[] plain)
    {
        foreach (var user in Users)
        {
            if ((await RunAsync("id", "-u", user), await RunAsync("id", "-g", user)) is not ((true, var id), (true, var group)))
                continue;
            string[] asUser = ["setpriv", $"--reuid={id}", $"--regid={group}", "--clear-groups"];
            var program = Path.Combine(home, "bin", "elasticsearch");
            if (!(await RunAsync([.. asUser, "test", "-r", program])).Succeeded)
            {
                // Only root can read the distribution.
                var copy = Path.Combine(folder.FullName, "home");
                await RunAsync("cp", "-r", home, copy);
                program = Path.Combine(copy, "bin", "elasticsearch");
            }

            await RunAsync("chown", "-R", user, folder.FullName);
            return [.. plain, .. asUser, program];
        }

        throw new InvalidOperationException("Elasticsearch does not run as root, and there is no user 'postgres' or 'nobody' to run it.");
    }

    private static async Task<string> JavaAsync()
    {
        var (found, java) = await RunAsync("sh", "-c", "readlink -f \"$(command -v java)\"");
        return found && java.Length > 0
            ? Path.GetDirectoryName(Path.GetDirectoryName(java))!
            : throw new InvalidOperationException("There is no java on the PATH: install a Java 17 runtime.");
    }

    private static async Task<(bool Succeeded, string Output)> RunAsync(params string[] command)
    {
        using var program =
            Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return (program.ExitCode == 0, output.Trim());
    }

    private static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(entry, "stat"));
            }
            catch (IOException)
            {
                // The process exited during the read.
                continue;
            }

            // After the program's name in parentheses: its state, then its parent.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[1] == parent.ToString(CultureInfo.InvariantCulture))
                yield return id;
        }
    }

    private static async Task KillAsync(int id)
    {
        try
        {
            using var server = Process.GetProcessById(id);
            server.Kill();
            await server.WaitForExitAsync().WaitAsync(EndsWithin);
        }
        catch (ArgumentException)
        {
            // It exited before the signal.
        }
    }
}
