using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>The command line of a server, and the signal that stops it.</summary>
internal sealed record ServerProgram(string Name, IReadOnlyList<string> Command, string WorkingDirectory, string StopSignal)
{
    public ServerUser User { get; init; } = ServerUser.Current;
}

/// <summary>
/// Runs one server as the child of a small shell, which stops the server when this process ends. The shell reads a pipe from this
/// process; the pipe closes however this process ends, even by kill -9.
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    // The shell has its own session, because Ctrl-C goes to the whole foreground process group: only this process receives it, and
    // then stops the servers in order. A parent-death signal on the child of this process would fire when the starting thread ends,
    // as thread-pool threads do. The shell has one thread, so that there it is a safe fallback.
    private const string Script = """
        log=$1 pidfile=$2 signal=$3 grace=$4
        shift 4
        exec 3<&0 4>&1 </dev/null >>"$log" 2>&1
        "$@" 3<&- 4>&- &
        server=$!
        echo "$server" >"$pidfile"
        echo "$server" >&4
        exec 4>&-
        (
          while read -r _ <&3; do :; done
          trap '' TERM
          kill -s "$signal" "$server"
          while [ "$grace" -gt 0 ] && kill -s 0 "$server"; do sleep 0.1; grace=$((grace - 1)); done
          kill -s KILL "$server"
        ) 2>/dev/null &
        watch=$!
        exec 3<&-
        wait "$server"
        status=$?
        # Immediately: the id of the server may belong to another process by now.
        kill -s KILL "$watch"
        wait "$watch"
        rm -f "$pidfile"
        exit "$status"
        """;

    // Tenths of a second between the stop signal and kill -9. Less than the 10 s within which ./run must end.
    private const string Grace = "50";
    private const int ErrorLines = 3;

    // A shell reports an end by signal n as status 128 + n.
    private const int SignalStatus = 128;

    private readonly Process shell;
    private readonly string logFile;
    private readonly Task<int> exit;
    private bool isDisposed;

    private Supervisor(Process shell, string logFile, int serverId)
    {
        this.shell = shell;
        this.logFile = logFile;
        ServerId = serverId;
        exit = ExitStatusAsync();
    }

    public int ServerId { get; }

    public bool HasExited => exit.IsCompleted;

    public static async Task<Supervisor> StartAsync(ServerProgram program, DataFolder folder, CancellationToken cancellation)
    {
        File.WriteAllText(folder.LogFile, "");
        var command = program.User.Command(await DeathSignal.PrefixAsync(program.StopSignal, cancellation) is { Count: > 0 } prefix
            ? [.. prefix, .. program.Command]
            : program.Command);
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = program.WorkingDirectory,
        };
        string[] ownSession = OperatingSystem.IsMacOS() ? ["perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV"] : ["setsid"];
        start.FileName = ownSession[0];
        string[] script = ["/bin/sh", "-c", Script, program.Name, folder.LogFile, folder.PidFile, program.StopSignal, Grace];
        foreach (var argument in (string[])[.. ownSession[1..], .. script, .. command])
            start.ArgumentList.Add(argument);
        ServerEnvironment.Apply(start);

        var shell = Launch(start, program);
        var line = await shell.StandardOutput.ReadLineAsync(CancellationToken.None);
        if (int.TryParse(line, CultureInfo.InvariantCulture, out var id))
            return new Supervisor(shell, folder.LogFile, id);

        shell.Dispose();
        throw new LocalServerException($"{program.Name} did not start: {LastLines(folder.LogFile)}");
    }

    /// <summary>Waits until the server has ended, and returns how.</summary>
    public async Task<string> StoppedAsync(CancellationToken cancellation)
    {
        var status = await exit.WaitAsync(cancellation);
        return status switch
        {
            0 => "exit status 0",
            > SignalStatus => string.Create(CultureInfo.InvariantCulture, $"signal {status - SignalStatus}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"exit status {status}: {LastLogLines()}"),
        };
    }

    /// <summary>The server's log since its start.</summary>
    public string Log()
    {
        using var file = new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    public string LastLogLines() => LastLines(logFile);

    /// <summary>Kills the server (SIGKILL). The supervisor ends with it.</summary>
    public void Kill()
    {
        if (HasExited)
            return;
        try
        {
            using var server = Process.GetProcessById(ServerId);
            server.Kill();
        }
        catch (ArgumentException)
        {
            // It has just ended by itself.
        }
        shell.WaitForExit();
    }

    /// <summary>Stops the server, kills it after the grace period, and returns when it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        shell.StandardInput.Close();
        await exit;
        shell.Dispose();
    }

    private async Task<int> ExitStatusAsync()
    {
        await shell.WaitForExitAsync(CancellationToken.None);
        return shell.ExitCode;
    }

    private static Process Launch(ProcessStartInfo start, ServerProgram program)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        }
        catch (Win32Exception exception)
        {
            throw new LocalServerException($"{program.Name} did not start: {start.FileName}: {exception.Message}");
        }
    }

    private static string LastLines(string logFile)
    {
        var lines = File.ReadLines(logFile).Select(line => line.Trim()).Where(line => line.Length > 0).TakeLast(ErrorLines).ToList();
        return lines.Count > 0 ? string.Join(" | ", lines) : "it wrote nothing to its log";
    }
}
