using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Monolith.Testing.Processes;

/// <summary>
/// A program under test in a child process, which does not outlive the tests, even when they are killed. Its output is recorded.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>The .NET runtime that runs the tests, regardless of the <c>PATH</c>.</summary>
    public static string Dotnet { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    // The shell waits for the program and returns its exit code; a background watcher kills it when the pipe from the tests closes.
    private const string Script = """
        exec 3<&0 </dev/null
        "$@" 3<&- &
        child=$!
        echo "$child"
        ( while read -r _ <&3; do :; done; kill -s KILL "$child" ) >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        wait "$child"
        status=$?
        kill -s KILL "$watch"
        exit "$status"
        """;

    private readonly Process shell;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly Task reading;

    private ChildProcess(Process shell, int id)
    {
        this.shell = shell;
        Id = id;
        reading = Task.WhenAll(KeepAsync(shell.StandardOutput, output), KeepAsync(shell.StandardError, errors));
    }

    /// <summary>The program's process id.</summary>
    public int Id { get; }

    /// <summary>Whether the program has exited.</summary>
    public bool HasExited => shell.HasExited;

    /// <summary>The output so far.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>The standard output so far.</summary>
    public IReadOnlyCollection<string> Output => output;

    /// <summary>The standard error so far.</summary>
    public IReadOnlyCollection<string> Errors => errors;

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="workingDirectory">Its working directory.</param>
    /// <param name="environment">Variables in addition to those of this process.</param>
    public static async Task<ChildProcess> StartAsync(
        IReadOnlyList<string> command, string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script, "tests", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var shell = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        var id = await shell.StandardOutput.ReadLineAsync();
        return new ChildProcess(shell, int.Parse(id ?? "0", CultureInfo.InvariantCulture));
    }

    /// <summary>Sends a signal to a process.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="signal">The signal's name (<c>STOP</c>).</param>
    public static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("/bin/kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Kills the program (SIGKILL) and waits for its exit.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL");
        await shell.WaitForExitAsync();
    }

    /// <summary>Suspends the program (SIGSTOP); its connections stay open.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Resumes the program (SIGCONT).</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Requests a graceful shutdown (SIGTERM).</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Waits for the program to exit.</summary>
    /// <param name="within">The deadline.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            await shell.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Process {Id} still runs after {within.TotalSeconds:0.#} s. {Tail(10)}");
        }

        await reading;
        return shell.ExitCode;
    }

    /// <summary>The last lines that it wrote.</summary>
    /// <param name="most">How many.</param>
    public string Tail(int most) => string.Join('\n', lines.TakeLast(most));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // The watcher sees the closed pipe, and kills the program even when it is suspended.
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        await reading;
        shell.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        if (shell.HasExited)
            return;
        await SignalAsync(Id, signal);
    }

    private async Task KeepAsync(StreamReader stream, ConcurrentQueue<string> kept)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            kept.Enqueue(line);
            lines.Enqueue(line);
        }
    }
}
